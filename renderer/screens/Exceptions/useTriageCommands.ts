/** Commands of the triage. */
import { can, type InboxColumn, VERDICT_WORDS } from '#findings';
import { type Command, useCommands } from '../../app/commands.ts';
import { ROLE_WORDS, useRole } from '../../app/roles.ts';
import { useNav } from '../../state/nav.ts';
import { useDialogs } from './dialogs.ts';
import { useTriage, VERDICT_KEYS } from './state.ts';
import { TRIAGE_COLUMNS } from './triageColumns.tsx';
import { focusOn, type Keyed } from './useJudging.ts';

export function useTriageCommands({
	row,
	draft,
	at,
	count,
	onSort,
	change,
	save,
	copyPrevious,
}: Keyed & { readonly onSort: (column: InboxColumn) => void }): void {
	const role = useRole();
	const go = useNav((nav) => nav.go);
	const openDialog = useDialogs((dialogs) => dialogs.open);
	useCommands(() => {
		const group = 'Triage';
		const off = !row
			? 'No exception is in hand.'
			: row.tiedTo !== null
				? `It is evidence of ${row.tiedTo}, which is signed.`
				: can(role, 'exception.judged')
					? null
					: `The role ${ROLE_WORDS[role]} may not judge exceptions.`;
		const { stand } = useTriage.getState();
		const list = (id: string, title: string, keys: string, run: Command['run'], disabled: string | null = null): Command => ({
			id: `triage.${id}`,
			title,
			group,
			keys,
			when: 'list',
			disabled,
			run,
		});
		return [
			list('next', 'Next exception', 'j', () => stand(Math.min(count - 1, at + 1))),
			list('back', 'Exception before', 'k', () => stand(Math.max(0, at - 1))),
			...VERDICT_KEYS.map(([verdict, key]) =>
				list(verdict, VERDICT_WORDS[verdict], key, () => change({ verdict, duplicateOf: null }), off),
			),
			list('note', 'Write the note', 'n', () => focusOn('note'), off),
			list('cause', 'Write the cause', 'c', () => focusOn('cause'), off),
			list(
				'order',
				'Open the order',
				'o',
				() => go('orders', { order: row?.orderId ?? '' }),
				row?.orderId ? null : 'It is about no order.',
			),
			list(
				'finding',
				'New finding from it',
				'f',
				() => openDialog('finding'),
				row && can(role, 'finding.created') ? null : 'Your role writes no findings.',
			),
			list('save', 'Save and next', 'Enter', () => save(true), off !== null && draft?.isTouched ? off : null),
			list('stay', 'Save and stay', 'Shift+Enter', () => save(false), off),
			{ id: 'triage.saveTyped', title: 'Save and next, while typing', group, keys: '$mod+Enter', disabled: off, run: () => save(true) },
			{ id: 'triage.copy', title: 'Copy the last judgement', group, keys: '$mod+d', disabled: off, run: copyPrevious },
			...TRIAGE_COLUMNS.flatMap(({ id, title, sort }): Command[] =>
				sort === null
					? []
					: [{ id: `triage.sort.${id}`, title: `Sort exceptions by ${title.toLowerCase()}`, group, run: () => onSort(sort) }],
			),
		];
	}, [row, draft, at, count, onSort, change, save, copyPrevious, role, go, openDialog]);
}
