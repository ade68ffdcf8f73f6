/** Columns of the list of disputes. */
import type { DisputeRow, DisputeSort } from '#explore';
import { formatDuration, formatMinor } from '../../app/format.ts';
import type { GridColumn } from '../../components/DataGrid.tsx';
import textStyles from '../../components/Text.module.css';
import { Instant } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import type { DisputesView } from '../../vault/disputesApi.ts';
import { ESCALATION, EVIDENCE, noneWord, SHORT_STATUS, statusWord } from './words.ts';

const PERCENT = 100;
const heldText = ({ heldMs, ageMs }: DisputeRow): string =>
	heldMs === null ? 'not told' : ageMs === 0 ? '–' : `${Math.floor((heldMs * PERCENT) / ageMs)} %`;

export const KEEP_AS = 'disputes';

/** What decides comes first. */
export const columnsOf = (notTold: DisputesView['notTold']): readonly GridColumn<DisputeRow>[] => [
	{ id: 'dispute', title: 'Dispute', width: 144, cell: ({ disputeId }) => disputeId, text: ({ disputeId }) => disputeId },
	{
		id: 'status',
		title: 'Status',
		width: 116,
		cell: ({ status, isOpen }) => (
			<VerdictBadge tone={isOpen ? 'hold' : 'neutral'} {...(isOpen ? {} : { glyph: '–' })} title={statusWord(status)}>
				{SHORT_STATUS[status] ?? statusWord(status)}
			</VerdictBadge>
		),
		text: ({ status }) => statusWord(status),
	},
	{
		id: 'tests',
		title: 'Exceptions',
		width: 100,
		cell: ({ tests }) =>
			tests.length === 0 ? (
				<span className={textStyles['muted']}>{noneWord(notTold)}</span>
			) : (
				<VerdictBadge tone="fail">{tests.join(' ')}</VerdictBadge>
			),
		text: ({ tests }) => (tests.length === 0 ? noneWord(notTold) : tests.join(' ')),
	},
	{
		id: 'age',
		title: 'Age',
		width: 88,
		align: 'right',
		sortable: true,
		cell: ({ ageMs }) => formatDuration(ageMs),
		text: ({ ageMs }) => formatDuration(ageMs),
	},
	{ id: 'held', title: 'Held', width: 64, align: 'right', cell: heldText, text: heldText },
	{
		id: 'evidence',
		title: 'Evidence',
		width: 92,
		cell: ({ evidence, evidenceScore, evidenceThreshold }) => {
			const { tone, word, glyph } = EVIDENCE[evidence];
			return (
				<VerdictBadge tone={tone} title={word} {...(glyph === undefined ? {} : { glyph })}>
					{evidenceScore ?? '–'} / {evidenceThreshold ?? '–'}
				</VerdictBadge>
			);
		},
		text: ({ evidenceScore, evidenceThreshold }) => `${evidenceScore ?? ''}/${evidenceThreshold ?? ''}`,
	},
	{
		id: 'amount',
		title: 'Amount',
		width: 100,
		align: 'right',
		sortable: true,
		cell: ({ amountMinor, currency }) => (amountMinor === null ? '–' : formatMinor(amountMinor, currency ?? '')),
		text: ({ amountMinor, currency }) => (amountMinor === null ? '' : formatMinor(amountMinor, currency ?? '')),
		money: ({ amountMinor, currency }) => (amountMinor === null ? null : { minor: amountMinor, currency }),
	},
	{ id: 'currency', title: 'Cur', width: 54, cell: ({ currency }) => currency ?? '–', text: ({ currency }) => currency ?? '' },
	{
		id: 'escalation',
		title: 'Escalation',
		width: 116,
		cell: ({ escalation }) => {
			const { tone, word, glyph } = ESCALATION[escalation];
			return (
				<VerdictBadge tone={tone} {...(glyph === undefined ? {} : { glyph })}>
					{word}
				</VerdictBadge>
			);
		},
		text: ({ escalation }) => ESCALATION[escalation].word,
	},
	{ id: 'order', title: 'Order', width: 110, sortable: true, cell: ({ orderId }) => orderId ?? '–', text: ({ orderId }) => orderId ?? '' },
	{ id: 'customer', title: 'Customer', width: 170, cell: ({ customer }) => customer ?? '–', text: ({ customer }) => customer ?? '' },
	{
		id: 'logged',
		title: 'Logged',
		width: 184,
		sortable: true,
		cell: ({ loggedAt }) => <Instant at={loggedAt} />,
		text: ({ loggedAt }) => new Date(loggedAt).toISOString(),
	},
];

export const SORTS = ['age', 'amount', 'logged', 'order'] as const satisfies readonly DisputeSort[];
