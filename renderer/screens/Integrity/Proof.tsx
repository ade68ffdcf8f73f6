/** The proof of one event: its bytes, its hash, its link, and the path to a signed head, as text that any verifier takes. */

import { Button, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import type { EventProof } from '#explore';
import { copyText } from '../../app/bridge.ts';
import { useCommands } from '../../app/commands.ts';
import { formatCount } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { useQuery } from '../../app/useQuery.ts';
import { useVault } from '../../app/vault.ts';
import { Ask } from '../../components/Ask.tsx';
import { FactList, KeyHint, Panel } from '../../components/Frame.tsx';
import { EmptyState } from '../../components/States.tsx';
import textStyles from '../../components/Text.module.css';
import { Hash } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import { useNav } from '../../state/nav.ts';
import type { IntegrityScreenView, ProofSubject } from '../../vault/integrityApi.ts';
import { exportBundle } from './exportBundle.ts';
import styles from './Integrity.module.css';
import { Path } from './ProofPath.tsx';
import { useIntegrity } from './state.ts';
import { PROOFS } from './words.ts';

const subjectOf = (text: string): ProofSubject => (/^\d+$/.test(text) ? { line: Number(text) } : { key: text });

export function Proof({ view }: { view: IntegrityScreenView }) {
	const vault = useVault();
	const { table, subject, set } = useIntegrity();
	const [typed, setTyped] = useState(subject);
	useEffect(() => setTyped(subject), [subject]);
	const tables = view.sealed.map((sealed) => sealed.table as string);
	const known = tables.includes(table) ? table : (tables[0] ?? '');
	const query = useQuery((vault) => vault.integrity.proof(known, subjectOf(subject)), [known, subject], ['evidence']);
	const step = (by: number): void => {
		const line = query.state === 'ready' ? query.data.line : Number(subject);
		const last = view.sealed.find((sealed) => sealed.table === known)?.rows ?? 1;
		if (Number.isFinite(line)) set({ subject: String(Math.min(last, Math.max(1, line + by))) });
	};
	useCommands(
		() => [
			{
				id: 'integrity.bundle',
				title: 'Export a verifier bundle of this order',
				group: 'Integrity',
				keys: 'x',
				disabled: query.state === 'ready' ? null : 'There is no proof to export.',
				run: () => exportBundle(vault, known, subjectOf(subject)),
			},
			{ id: 'integrity.next', title: 'Next event', group: 'Integrity', keys: 'j', run: () => step(1) },
			{ id: 'integrity.previous', title: 'Previous event', group: 'Integrity', keys: 'k', run: () => step(-1) },
		],
		[query, known, subject],
	);
	if (tables.length === 0)
		return <EmptyState title="Nothing to prove">The drop has no sealed table, and only lines under a log have proofs.</EmptyState>;
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		set({ subject: typed.trim(), table: known });
	};
	return (
		<div className={styles['scroll']}>
			<form className={styles['form']} onSubmit={submit}>
				<NativeSelect
					label="Table"
					size="xs"
					data={tables}
					value={known}
					onChange={({ currentTarget }) => set({ table: currentTarget.value, subject: '1' })}
				/>
				<TextInput
					label="Line number or event id"
					value={typed}
					onChange={({ currentTarget }) => setTyped(currentTarget.value)}
					className={styles['subject'] ?? ''}
				/>
				<Button type="submit" variant="default">
					Prove
				</Button>
				<Button variant="subtle" onClick={() => step(-1)}>
					Previous <KeyHint keys="k" />
				</Button>
				<Button variant="subtle" onClick={() => step(1)}>
					Next <KeyHint keys="j" />
				</Button>
			</form>
			<Ask query={query}>
				{(proof) => <ProofBody proof={proof} onExport={() => void exportBundle(vault, known, { line: proof.line })} />}
			</Ask>
		</div>
	);
}

function ProofBody({ proof, onExport }: { proof: EventProof; onExport: () => void }) {
	const go = useNav((nav) => nav.go);
	const shown = PROOFS[proof.verdict];
	const copy = async (text: string, what: string): Promise<void> => {
		if (await copyText(text)) notify({ tone: 'done', message: `${what} copied.` });
	};
	return (
		<>
			<Panel
				title={`${proof.table}, line ${formatCount(proof.line)}`}
				actions={
					<>
						<Button variant="default" disabled={proof.orderId === null} onClick={() => go('orders', { order: proof.orderId ?? '' })}>
							Open order {proof.orderId}
						</Button>
						<Button variant="default" disabled={proof.tlogProof === null} onClick={() => void copy(proof.tlogProof ?? '', 'The proof was')}>
							Copy proof
						</Button>
						<Button
							variant="default"
							onClick={onExport}
							title="A ZIP with all sealed lines of this order, their proofs, the signed heads and the key: to be checked with bash and OpenSSL"
						>
							Export verifier bundle <KeyHint keys="x" />
						</Button>
					</>
				}
			>
				<p className={styles['sentence']}>
					<VerdictBadge tone={shown.tone}>{shown.word}</VerdictBadge> {proof.sentence}
				</p>
				<div className={styles['proofGrid']}>
					<section aria-label="Stored bytes">
						<h3>Stored bytes</h3>
						<pre className={styles['bytes']}>{proof.text ?? '(these bytes are no text)'}</pre>
						<p className={textStyles['muted']}>
							{formatCount(proof.bytes)} bytes, hashed as they stand; nothing is written anew to verify.
						</p>
					</section>
					<section aria-label="Hash and link">
						<h3>Hash and link</h3>
						<FactList
							facts={[
								{
									label: 'Leaf hash, SHA-256(0x00 ‖ line)',
									value: (
										<>
											<Hash value={proof.leaf} />
											{proof.isLeafOfLog ? ' as in the log' : ' ≠ the log’s'}
										</>
									),
								},
								{
									label: 'Link stated (prev)',
									value: proof.link.stated === null ? 'none: first of its order' : <Hash value={proof.link.stated} />,
								},
								{
									label: 'Line before in its order',
									value: proof.link.previousLine === null ? 'none' : `line ${formatCount(proof.link.previousLine)}`,
								},
								{
									label: 'Its leaf hash',
									value: proof.link.found === null ? '–' : <Hash value={proof.link.found} />,
								},
								{
									label: 'Link',
									value: <VerdictBadge tone={proof.link.holds ? 'pass' : 'fail'}>{proof.link.holds ? 'Holds' : 'Broken'}</VerdictBadge>,
								},
							]}
						/>
					</section>
				</div>
			</Panel>
			<div className={styles['proofHalves']}>
				<div>
					<Path proof={proof} />
				</div>
				{proof.tlogProof === null ? null : (
					<div>
						<Panel title="Proof as text (c2sp.org/tlog-proof@v1)">
							<pre className={styles['bytes']}>{proof.tlogProof}</pre>
							<p className={textStyles['muted']}>Any verifier of transparency logs takes it, with the line’s bytes and the log’s key.</p>
						</Panel>
					</div>
				)}
			</div>
		</>
	);
}
