/** A new pack in three steps on one page: select what is in it, check what stands in its way and look at its pages, sign it. */

import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useCommands } from '../../app/commands.ts';
import { formatBytes, formatCount, plural } from '../../app/format.ts';
import { useAppInfo } from '../../app/useAppInfo.ts';
import { faultOf, useQuery } from '../../app/useQuery.ts';
import { useSummary } from '../../app/useSummary.ts';
import { useVault } from '../../app/vault.ts';
import { Ask } from '../../components/Ask.tsx';
import { Callout } from '../../components/Callout.tsx';
import { Panel } from '../../components/Frame.tsx';
import { JobProgress, useRunningJob } from '../../components/JobProgress.tsx';
import { PdfView } from '../../components/PdfView.tsx';
import { EmptyState, ErrorState } from '../../components/States.tsx';
import textStyles from '../../components/Text.module.css';
import type { VaultError } from '../../vault/contract.ts';
import type { PackPreview, PackRequest, ShownPack } from '../../vault/packsApi.ts';
import { Checks } from './Checks.tsx';
import styles from './Packs.module.css';
import { type Selection, SelectStep, startSelection } from './SelectStep.tsx';
import { SignStep } from './SignStep.tsx';

type Shown =
	| { readonly kind: 'nothing' }
	| { readonly kind: 'pages'; readonly pack: ShownPack; readonly request: string }
	| { readonly kind: 'failed'; readonly error: VaultError };

/** The same pages asked for again stay as they stand, at the page one has turned to. */
function shownAfter(before: Shown, pack: ShownPack, request: string): Shown {
	const isSame = before.kind === 'pages' && before.pack.sha256 === pack.sha256;
	return { kind: 'pages', pack: isSame ? { ...pack, bytes: before.pack.bytes } : pack, request };
}

export function BuildPack() {
	const findings = useQuery((vault) => vault.findings.list(), [], ['workbook']);
	return <Ask query={findings}>{(list) => <Build findings={list} />}</Ask>;
}

function Build({ findings }: { findings: Parameters<typeof SelectStep>[0]['findings'] }) {
	const vault = useVault();
	const info = useAppInfo();
	const summary = useSummary();
	const [selection, setSelection] = useState<Selection>(() => startSelection(findings));
	const [shown, setShown] = useState<Shown>({ kind: 'nothing' });
	const rendering = useRunningJob(/^Preview of a pack/);
	const request = useMemo<PackRequest>(
		() => ({
			findingIds: findings.filter(({ findingId }) => selection.findingIds.has(findingId)).map(({ findingId }) => findingId),
			redact: selection.redact,
			preparedBy: selection.preparedBy.trim() || null,
			version: info?.version ?? '',
		}),
		[findings, selection, info?.version],
	);
	const key = JSON.stringify(request);
	const plan = useQuery((ask) => ask.packs.plan(request), [key], ['workbook', 'evidence', 'results']);
	const canMake = plan.state === 'ready' && plan.data.canMake;
	const isOld = shown.kind === 'pages' && (shown.request !== key || (plan.state === 'ready' && shown.pack.ground !== plan.data.ground));
	const why = !canMake ? 'A check blocks it.' : rendering ? 'The pages are being made already.' : null;

	const preview = async (): Promise<void> => {
		const answer = await vault.packs.preview(request).catch((error: unknown) => ({ ok: false, error: faultOf(error) }) as const);
		setShown((before) => (answer.ok ? shownAfter(before, answer.value, key) : { kind: 'failed', error: answer.error }));
	};
	useCommands(
		() => [{ id: 'packs.preview', title: 'Show the pages of the pack', group: 'Packs', keys: '$mod+Enter', disabled: why, run: preview }],
		[key, why],
	);
	return (
		<div className={styles['room']}>
			<div className={styles['build']}>
				<section aria-label="1 Select">
					<SelectStep
						findings={findings}
						selection={selection}
						onSelect={setSelection}
						member={summary?.memberName ?? ''}
						organisation={summary?.organisation ?? ''}
					/>
				</section>
				<section aria-label="Pages" className={shown.kind === 'pages' ? styles['pages'] : undefined}>
					{rendering ? (
						<div className={styles['inset']}>
							<JobProgress job={rendering} note="The recorded tests run once more: a pack states nothing that does not come out again." />
						</div>
					) : null}
					{isOld ? (
						<Callout>
							These are not the pages that would be signed: the selection, the work papers or the evidence have changed since.{' '}
							<Button variant="subtle" disabled={why !== null} title={why ?? 'Ctrl+Enter'} onClick={() => void preview()}>
								Preview again
							</Button>
						</Callout>
					) : null}
					{shown.kind === 'pages' ? <Pages pack={shown.pack} /> : null}
					{shown.kind === 'failed' ? <ErrorState error={shown.error} onRetry={() => void preview()} /> : null}
					{shown.kind === 'nothing' && !rendering ? (
						<EmptyState
							title="Pages as they will be signed"
							action={
								<Button disabled={why !== null} title={why ?? 'Ctrl+Enter'} onClick={() => void preview()}>
									Show the pages
								</Button>
							}
						>
							The evidence is verified and the tests are run again, then every page is made. What you see here is what will be signed.
						</EmptyState>
					) : null}
				</section>
				<section aria-label="2 Check and 3 Sign">
					<Panel title="② Check" actions={plan.state === 'ready' ? <PlanFacts plan={plan.data} /> : null}>
						<Ask query={plan}>{(data) => <Checks checks={data.checks} />}</Ask>
					</Panel>
					<SignStep
						request={request}
						canMake={canMake}
						shown={shown.kind === 'pages' ? { sha256: shown.pack.sha256, isOld } : null}
						onPreparedBy={(preparedBy) => setSelection({ ...selection, preparedBy })}
					/>
				</section>
			</div>
		</div>
	);
}

const PlanFacts = ({ plan }: { plan: PackPreview }) => (
	<span className={textStyles['muted']}>
		{plural(plan.tests, 'test')} · {plural(plan.exceptions, 'exception')} · {plural(plan.orders, 'order')}
	</span>
);

function Pages({ pack }: { pack: ShownPack }) {
	const attached = pack.attachments.reduce((sum, { bytes }) => sum + bytes, 0);
	return (
		<>
			<PdfView bytes={pack.bytes} label={`Pack ${pack.packId}`} />
			<div className={styles['inset']}>
				<span className={textStyles['muted']}>
					{plural(pack.pages, 'page')} · {formatBytes(pack.bytes.length)} · {formatCount(pack.attachments.length)} attachments (
					{formatBytes(attached)}) · unsigned
				</span>
				{pack.notes.map((note) => (
					<div key={note} className={textStyles['muted']}>
						▲ {note}
					</div>
				))}
			</div>
		</>
	);
}
