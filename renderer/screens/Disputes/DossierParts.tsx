/** Parts of a dossier: exceptions, evidence, approvals, effects on revenue, documents. */
import { formatCount, formatMinor } from '../../app/format.ts';
import { Panel } from '../../components/Frame.tsx';
import { NumberCell, numberHead, PlainTable } from '../../components/PlainTable.tsx';
import textStyles from '../../components/Text.module.css';
import { Hash, Instant } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import { useNav } from '../../state/nav.ts';
import type { DossierView } from '../../vault/disputesApi.ts';
import styles from './Disputes.module.css';
import { lacks, NotTold, SetAside } from './Lacking.tsx';
import { EVIDENCE } from './words.ts';

export function Exceptions({ data }: { data: DossierView }) {
	const go = useNav((nav) => nav.go);
	if (data.exceptions.length === 0) return null;
	return (
		<Panel title={`Exceptions (${formatCount(data.exceptions.length)})`}>
			<ul className={styles['exceptions']}>
				{data.exceptions.map(({ test, title, sentence }, at) => {
					const linked = data.linked[at];
					return (
						<li key={`${test} ${sentence}`}>
							<VerdictBadge tone="fail">{test}</VerdictBadge> <strong>{title}</strong>
							<div>{sentence}</div>
							<div className={textStyles['muted']}>
								{linked?.isRecorded ? (
									<button type="button" className={textStyles['link']} onClick={() => go('exceptions', { test, exception: linked.key })}>
										Open the exception
									</button>
								) : (
									'Not among the recorded results yet: run the procedure.'
								)}{' '}
								{linked && linked.verdict !== 'new' ? `judged: ${linked.verdict.replaceAll('_', ' ')}` : ''}
							</div>
						</li>
					);
				})}
			</ul>
		</Panel>
	);
}

export function Evidence({ data: { row } }: { data: DossierView }) {
	const { evidence, evidenceScore, evidenceThreshold } = row;
	const shown = EVIDENCE[evidence];
	const scale = Math.max(100, evidenceScore ?? 0, evidenceThreshold ?? 0);
	const share = (value: number): string => `${(Math.max(0, value) * 100) / scale}%`;
	return (
		<div className={styles['evidence']}>
			<span>
				Evidence {evidenceScore ?? 'not scored'}
				{evidenceThreshold === null ? '' : ` of ${evidenceThreshold} needed`}
			</span>
			<span
				className={styles['meter']}
				role="img"
				aria-label={`Evidence score ${evidenceScore ?? 'not scored'}, threshold ${evidenceThreshold ?? 'none'}`}
				data-state={evidence}
			>
				<span style={{ width: share(evidenceScore ?? 0) }} />
				{evidenceThreshold === null ? null : <i style={{ left: share(evidenceThreshold) }} />}
			</span>
			<VerdictBadge tone={shown.tone} {...(shown.glyph === undefined ? {} : { glyph: shown.glyph })}>
				{shown.word}
			</VerdictBadge>
		</div>
	);
}

const NEEDED = 2;

export function Approvals({ data: { approvals, approvers, wasReleased, supply } }: { data: DossierView }) {
	const isEnough = approvers.length >= NEEDED;
	// One of the lines set aside may be the approval that seems to be missing.
	const isOpen = supply.setAside.some(({ table }) => table === 'approval');
	if (lacks(supply, 'approval') && wasReleased !== false) return <NotTold table="approval" />;
	return (
		<>
			<p className={styles['sentence']}>
				{wasReleased ? (
					<>
						<VerdictBadge tone={isEnough ? 'info' : isOpen ? 'warn' : 'fail'} {...(isEnough ? { glyph: '◐' } : {})}>
							{approvers.length} ({NEEDED} needed)
						</VerdictBadge>{' '}
						{isEnough ? `approved by ${approvers.slice(0, 3).join(' and ')}` : 'people other than who asked for it approved the release'}
					</>
				) : wasReleased === null ? (
					'Whether it was released can’t be told: holds or revenue events were not supplied, or lines of them were set aside.'
				) : (
					'Nothing was released or reinstated yet, so no approval is needed.'
				)}
			</p>
			<SetAside supply={supply} table="approval" />
			{approvals.length === 0 ? null : (
				<PlainTable head={['Approved by', 'asked for by', 'what', 'when']}>
					{approvals.map(({ approvalId, approver, requestedBy, subject, at, why }) => (
						<tr key={approvalId}>
							<td>
								{approver}
								{why === '' ? null : <div className={textStyles['warn']}>▲ {why}</div>}
							</td>
							<td>{requestedBy}</td>
							<td>{subject.replaceAll('_', ' ')}</td>
							<td>
								<Instant at={at} />
							</td>
						</tr>
					))}
				</PlainTable>
			)}
		</>
	);
}

const WHEN = { before: 'before', under_dispute: 'while disputed', after: 'after' } as const;

export function Effects({ data: { effects, revenue, supply } }: { data: DossierView }) {
	if (lacks(supply, 'revenue_event')) return <NotTold table="revenue_event" />;
	if (revenue.length === 0)
		return (
			<>
				<p className={textStyles['muted']}>No revenue event concerns this line.</p>
				<SetAside supply={supply} table="revenue_event" />
			</>
		);
	return (
		<>
			<SetAside supply={supply} table="revenue_event" />
			<PlainTable
				caption={<span className={textStyles['muted']}>Posted while the dispute was open</span>}
				head={['Currency', numberHead('recognised'), numberHead('reversed'), numberHead('reinstated'), numberHead('net since logged')]}
			>
				{effects.map(({ currency, recognised, reversed, reinstated, netSince }) => (
					<tr key={currency}>
						<th scope="row">{currency || 'unknown'}</th>
						<NumberCell isAdverse={recognised > 0n}>{formatMinor(recognised, currency)}</NumberCell>
						<NumberCell>{formatMinor(reversed, currency)}</NumberCell>
						<NumberCell isAdverse={reinstated > 0n}>{formatMinor(reinstated, currency)}</NumberCell>
						<NumberCell>{formatMinor(netSince, currency)}</NumberCell>
					</tr>
				))}
			</PlainTable>
			<PlainTable head={['Revenue event', 'kind', 'posted', 'when', numberHead('amount')]}>
				{revenue.map(({ revenueId, kind, postedAt, during, isInGap, isManual, signedMinor, currency }) => (
					<tr key={revenueId}>
						<td>{revenueId}</td>
						<td>
							{kind}
							{isManual ? ', by hand' : ''}
						</td>
						<td>
							<Instant at={postedAt} />
						</td>
						<td>
							{during === 'under_dispute' && signedMinor > 0n ? (
								<VerdictBadge tone="fail">while disputed{isInGap === null ? '' : isInGap ? ', in a gap' : ', under hold'}</VerdictBadge>
							) : (
								WHEN[during]
							)}
						</td>
						<NumberCell>
							{formatMinor(signedMinor, currency ?? '')} {currency}
						</NumberCell>
					</tr>
				))}
			</PlainTable>
		</>
	);
}

const DOCUMENTS = {
	present: { tone: 'neutral', word: 'present' },
	missing: { tone: 'fail', word: 'missing' },
	altered: { tone: 'fail', word: 'altered' },
} as const;

export function Documents({ data: { documents, supply } }: { data: DossierView }) {
	if (lacks(supply, 'document')) return <NotTold table="document" />;
	if (documents.length === 0)
		return (
			<>
				<p className={textStyles['muted']}>No document names this order.</p>
				<SetAside supply={supply} table="document" />
			</>
		);
	return (
		<PlainTable head={['Document', 'kind', 'bytes', 'hash']}>
			{documents.map(({ documentId, kind, fileName, sha256, state }) => (
				<tr key={documentId}>
					<td>{fileName ?? documentId}</td>
					<td>{kind.replaceAll('_', ' ')}</td>
					<td>
						<VerdictBadge tone={DOCUMENTS[state].tone} {...(state === 'present' ? { glyph: '◆' } : {})}>
							{DOCUMENTS[state].word}
						</VerdictBadge>
					</td>
					<td>
						<Hash value={sha256} />
					</td>
				</tr>
			))}
		</PlainTable>
	);
}
