/** The log of acts as a file, as it is filtered. */
import { exportCsv, gatherRows } from '../../app/exportCsv.ts';
import { notify } from '../../app/notify.ts';
import { openVault } from '../../app/vault.ts';
import type { ActivityFilter } from '../../vault/activityApi.ts';
import { outcomeWord, SIGNATURES } from './activityColumns.tsx';
import { TYPE_WORDS } from './types.ts';

export async function exportLog(filter: ActivityFilter): Promise<void> {
	const vault = openVault();
	const opened = await vault.activity.open(filter);
	if (!opened.ok) return notify({ tone: 'failed', message: opened.error.message });
	const { count, of, head, members, verdict } = opened.value;
	const rows = await gatherRows(count, (from, to) => vault.activity.page(filter, from, to));
	if (!rows.ok) return notify({ tone: 'failed', message: rows.error.message });
	const saved = await exportCsv(vault, {
		name: 'activity',
		what: 'Log of acts as CSV',
		facts: [
			['what', 'Log of acts, newest first'],
			['member', members.find(({ memberId }) => memberId === filter.memberId)?.name ?? 'all'],
			['kind of act', filter.type === undefined ? 'all' : TYPE_WORDS[filter.type]],
			['text', filter.text ?? ''],
			['acts in all', String(of)],
			['head', head],
			[
				'verified',
				verdict === null
					? 'not since the engagement was opened'
					: verdict.isIntact
						? `${verdict.acts} acts`
						: `${verdict.problemCount} problems`,
			],
		],
		header: ['seq', 'at', 'member', 'act', 'what', 'outcome', 'copy', 'prev', 'hash', 'signature'],
		rows: rows.value.map((row) => [
			String(row.seq),
			row.at,
			row.member,
			TYPE_WORDS[row.type],
			row.sentence,
			outcomeWord(row),
			`${row.replica} ${row.number}`,
			row.prev,
			row.hash,
			SIGNATURES[row.state][1],
		]),
	});
	if (!saved.ok) notify({ tone: 'failed', message: saved.error.message });
	else if (saved.value) notify({ tone: 'done', message: `${saved.value.name} written and read back` });
}
