/** Columns of the log of acts. */
import { formatCount } from '../../app/format.ts';
import type { GridColumn } from '../../components/DataGrid.tsx';
import { Instant } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import type { ActivityRow, SignatureState } from '../../vault/activityApi.ts';
import styles from './Activity.module.css';

export const SIGNATURES: Readonly<Record<SignatureState, readonly ['pass' | 'fail' | 'neutral', string]>> = {
	unchecked: ['neutral', 'Not checked'],
	verified: ['pass', 'Verified'],
	gap: ['fail', 'Gap before'],
	broken_link: ['fail', 'Link broken'],
	hash_mismatch: ['fail', 'Altered'],
	bad_vector: ['fail', 'Contradicts what was seen'],
	bad_signature: ['fail', 'Not signed by member'],
	unknown_member: ['fail', 'Unknown member'],
	bad_beginning: ['fail', 'Bad beginning'],
	truncated: ['fail', 'Cut off'],
};

/** What an act came to, where that is not simply what it says. */
export const outcomeWord = ({ isUndone, outcome }: ActivityRow): string =>
	outcome === 'refused' ? 'refused' : outcome === 'conflicting' ? 'in conflict' : isUndone ? 'undone' : '';

export const COLUMNS: readonly GridColumn<ActivityRow>[] = [
	{ id: 'seq', title: '#', width: 56, align: 'right', cell: ({ seq }) => formatCount(seq), text: ({ seq }) => String(seq) },
	{ id: 'at', title: 'When', width: 184, cell: ({ at }) => <Instant at={at} />, text: ({ at }) => at },
	{ id: 'member', title: 'Who', width: 150, cell: ({ member }) => member, text: ({ member }) => member },
	{
		id: 'sentence',
		title: 'What',
		flex: 1,
		width: 160,
		cell: (row) => {
			const word = outcomeWord(row);
			return word === '' ? (
				<span title={row.sentence}>{row.sentence}</span>
			) : (
				<>
					{row.outcome === 'conflicting' ? row.sentence : <s>{row.sentence}</s>} <span className={styles['muted']}>{word}</span>
				</>
			);
		},
		text: (row) => `${row.sentence}${outcomeWord(row) === '' ? '' : ` (${outcomeWord(row)})`}`,
	},
	{
		id: 'hash',
		title: 'Hash',
		width: 104,
		cell: ({ hash }) => <code title={hash}>{`${hash.slice(0, 4)}…${hash.slice(-4)}`}</code>,
		text: ({ hash }) => hash,
	},
	{
		id: 'state',
		title: 'Signature',
		width: 128,
		cell: ({ state }) => <VerdictBadge tone={SIGNATURES[state][0]}>{SIGNATURES[state][1]}</VerdictBadge>,
		text: ({ state }) => SIGNATURES[state][1],
	},
];
