/** Running audit tests from the catalogue: all, the selected, the one in hand; with their commands. */
import { can } from '#findings';
import { useCommands } from '../../app/commands.ts';
import { plural } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { ROLE_WORDS, useRole } from '../../app/roles.ts';
import { useVault } from '../../app/vault.ts';
import { useRunningJobId } from '../../components/JobProgress.tsx';

/** The labels of the jobs that run audit tests. */
export const RUNNING = /^(All audit tests|Audit tests)/;

export interface Runs {
	/** The job that runs; null: none. */
	readonly running: string | null;
	/** Why nothing can be run now; null: it can. */
	readonly whyNot: string | null;
	run(ids: readonly string[] | 'all'): Promise<void>;
}

/** @param activeId the test in hand */
export function useRuns(activeId: string | null, ticked: ReadonlySet<string>): Runs {
	const vault = useVault();
	const role = useRole();
	const running = useRunningJobId(RUNNING);
	const whyNot = can(role, 'run.recorded')
		? running
			? 'Tests are running already.'
			: null
		: `As ${ROLE_WORDS[role]} you can’t run tests. A preparer or a partner does.`;
	const run = async (ids: readonly string[] | 'all'): Promise<void> => {
		if (whyNot !== null) return notify({ tone: 'warn', message: whyNot });
		const answer = await vault.procedures.run(ids);
		if (answer.ok) {
			const { tests, exceptions } = answer.value;
			notify({ tone: 'done', message: `${plural(tests, 'test')} run: ${plural(exceptions, 'exception')}.` });
		} else notify({ tone: answer.error.code === 'cancelled' ? 'warn' : 'failed', message: answer.error.message });
	};
	useCommands(() => {
		const group = 'Procedures';
		return [
			{ id: 'procedures.all', title: 'Run all tests', group, keys: 'r', when: 'list', disabled: whyNot, run: () => run('all') },
			{
				id: 'procedures.selected',
				title: 'Run the selected tests',
				group,
				keys: 'Shift+R',
				when: 'list',
				disabled: whyNot ?? (ticked.size === 0 ? 'No test is selected; Space selects one.' : null),
				run: () => run([...ticked]),
			},
			{
				id: 'procedures.this',
				title: activeId === null ? 'Run this test' : `Run ${activeId} (Enter in the list)`,
				group,
				disabled: whyNot,
				run: () => (activeId === null ? undefined : run([activeId])),
			},
			{
				id: 'procedures.cancel',
				title: 'Cancel the run',
				group,
				disabled: running ? null : 'No test is running.',
				run: () => (running ? void vault.jobs.cancel(running) : undefined),
			},
		];
	}, [whyNot, ticked, activeId, running]);
	return { running, whyNot, run };
}
