/** The dossier of one dispute: coverage, evidence, approvals, revenue effect, timeline, documents, exceptions. */

import { Button } from '@mantine/core';
import { formatCount, formatDuration, plural } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { FactList, KeyHint, Panel } from '../../components/Frame.tsx';
import { Money } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import { useNav } from '../../state/nav.ts';
import type { DossierView } from '../../vault/disputesApi.ts';
import styles from './Disputes.module.css';
import { Approvals, Documents, Effects, Evidence, Exceptions } from './DossierParts.tsx';
import { HoldCoverage } from './HoldCoverage.tsx';
import { Lacking, lacks } from './Lacking.tsx';
import { DossierTimeline } from './Timeline.tsx';
import { ESCALATION, statusWord } from './words.ts';

export function Dossier({ disputeId, onFinding }: { disputeId: string; onFinding: () => void }) {
	const query = useQuery((vault) => vault.disputes.dossier(disputeId), [disputeId], ['evidence', 'workbook', 'results']);
	return <Ask query={query}>{(data) => <DossierBody data={data} onFinding={onFinding} />}</Ask>;
}

function DossierBody({ data, onFinding }: { data: DossierView; onFinding: () => void }) {
	const go = useNav((nav) => nav.go);
	const { row, facts } = data;
	const escalation = ESCALATION[row.escalation];
	return (
		<>
			<Panel
				title={`${row.disputeId} · ${row.orderId ?? 'no order'}${row.lineId === null ? '' : ` / ${row.lineId}`}`}
				actions={
					<>
						<Button variant="default" disabled={row.orderId === null} onClick={() => go('orders', { order: row.orderId ?? '' })}>
							Order <KeyHint keys="o" />
						</Button>
						<Button variant="default" onClick={onFinding}>
							Finding <KeyHint keys="f" />
						</Button>
					</>
				}
			>
				<FactList
					facts={[
						{ label: 'Customer', value: row.customer ?? '–' },
						{
							label: 'Status',
							value: (
								<VerdictBadge tone={row.isOpen ? 'hold' : 'neutral'} {...(row.isOpen ? {} : { glyph: '–' })}>
									{statusWord(row.status)}
								</VerdictBadge>
							),
						},
						{ label: row.isOpen ? 'Open for' : 'Was open for', value: formatDuration(row.ageMs) },
						{
							label: 'Disputed',
							value:
								row.amountMinor === null ? (
									'no amount'
								) : row.currency === null ? (
									`${formatCount(row.amountMinor)} minor units, currency not told`
								) : (
									<Money minor={row.amountMinor} currency={row.currency} />
								),
						},
						{ label: 'Quantity', value: facts.disputedQuantity ?? 'not told' },
						{
							label: 'Escalation',
							value: (
								<VerdictBadge tone={escalation.tone} {...(escalation.glyph === undefined ? {} : { glyph: escalation.glyph })}>
									{escalation.word}
								</VerdictBadge>
							),
						},
						{ label: 'Root cause', value: facts.rootCause ?? (row.isOpen ? 'not due yet' : 'missing') },
						{ label: 'Logged by', value: facts.channel ?? '–' },
					]}
				/>
			</Panel>
			<Exceptions data={data} />
			<Panel title="Hold coverage">
				<HoldCoverage data={data} />
			</Panel>
			<Panel title="Evidence and release">
				<Evidence data={data} />
				<Approvals data={data} />
			</Panel>
			<Panel title="Revenue effect">
				<Effects data={data} />
			</Panel>
			<Panel title={`Timeline (${plural(data.timeline.length, 'entry', 'entries')})`}>
				<p className={styles['lacking']}>
					<Lacking supply={data.supply} />
				</p>
				<DossierTimeline entries={data.timeline} />
			</Panel>
			<Panel
				title={lacks(data.supply, 'document') ? 'Documents of the order' : `Documents of the order (${formatCount(data.documents.length)})`}
			>
				<Documents data={data} />
			</Panel>
		</>
	);
}
