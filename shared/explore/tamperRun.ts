/** Runs attacks: narrows the drop to what an attack needs, reads the copy before and after, and says what told them apart. */
import type { IntegrityVerdict } from '#audit';
import type { VerifierKey } from '#evidence';
import type { TableName } from '#model';
import type { IntegrityView } from './integrity.ts';
import { type Attack, type AttackChange, headsOf } from './tamper.ts';
import { LINE_ATTACKS } from './tamperAttacks.ts';
import { type Baseline, type Catch, makeBaseline, newChecks, newExceptions, viewOf } from './tamperChecks.ts';
import type { LabDrop } from './tamperCopy.ts';
import { COPY_BYTES_MAX } from './tamperNarrow.ts';
import { SEAL_ATTACKS } from './tamperSeals.ts';
import type { LabPorts } from './tamperSite.ts';

export const ATTACKS: readonly Attack[] = [...LINE_ATTACKS, ...SEAL_ATTACKS];

export interface AttackOutcome {
	readonly id: string;
	/** `shown`: not contradicted, but seen as lines that nothing vouches for. */
	readonly outcome: 'caught' | 'shown' | 'not_caught' | 'not_run';
	readonly caughtBy: readonly Catch[];
	/** The sealed table's verdict before and after; null for other targets. */
	readonly before: IntegrityVerdict | null;
	readonly after: IntegrityVerdict | null;
	readonly changes: readonly AttackChange[];
	/** Whether everything that was expected to catch it did. */
	readonly asExpected: boolean;
	/** One sentence: what came out, and why where nothing did. */
	readonly sentence: string;
	/** How the copy differs from the drop before the attack; null where it is a plain part of it. */
	readonly note: string | null;
}

/** What the window shows of an attack before it is run. */
export interface AttackView extends Pick<Attack, 'id' | 'family' | 'title' | 'motive' | 'means' | 'expected' | 'tests'> {
	readonly holdsKey: boolean;
}

export const attackViews = (): AttackView[] =>
	ATTACKS.map(({ id, family, title, motive, means, expected, tests, holdsKey }) => ({
		id,
		family,
		title,
		motive,
		means,
		expected,
		tests,
		holdsKey: holdsKey === true,
	}));

export interface TamperLab {
	/** Runs one attack on a copy; the drop itself is only read. */
	run(attack: Attack): Promise<AttackOutcome>;
}

/**
 * @param trusted the engagement's keys; without one, what only a key can tell stays untold on copies as well
 * @param copyBytesMax of one table: a longer log is cut at a checkpoint
 */
export function openTamperLab(source: LabDrop, ports: LabPorts, trusted: readonly VerifierKey[], copyBytesMax = COPY_BYTES_MAX): TamperLab {
	const baselines = new Map<string, Promise<Baseline | string>>();
	const baselineOf = (attack: Attack): Promise<Baseline | string> => {
		const key = `${attack.target}/${attack.holdsKey === true}`;
		let known = baselines.get(key);
		if (!known) {
			known = makeBaseline(source, ports, { trusted, copyBytesMax }, attack);
			baselines.set(key, known);
		}
		return known;
	};
	return {
		async run(attack) {
			const baseline = await baselineOf(attack);
			return typeof baseline === 'string' ? notRun(attack, baseline) : attackOn(baseline, ports, attack);
		},
	};
}

const notRun = ({ id }: Attack, why: string): AttackOutcome => ({
	id,
	outcome: 'not_run',
	caughtBy: [],
	before: null,
	after: null,
	changes: [],
	asExpected: false,
	sentence: why,
	note: null,
});

async function attackOn(baseline: Baseline, ports: LabPorts, attack: Attack): Promise<AttackOutcome> {
	const copy = baseline.copy.branch();
	const changes = await attack.alter(copy, baseline.site);
	if (changes === null) return notRun(attack, 'This drop has nothing to do it to: the table or the files it needs are too few.');
	const previousHeads = attack.remembers ? headsOf(baseline.found) : [];
	const read = await ports.importCopy(copy.asDrop(), { trustedKeys: baseline.trustedKeys, previousHeads });
	const { table } = baseline.site;
	const before = baseline.found.evidence.integrity[table]?.verdict ?? null;
	if (!read.ok) {
		const caught: Catch = { by: 'import', test: '', title: 'The drop is refused', sentence: read.error.message };
		return {
			id: attack.id,
			outcome: 'caught',
			caughtBy: [caught],
			before,
			after: null,
			changes,
			asExpected: true,
			sentence: read.error.message,
			note: baseline.note,
		};
	}
	const after = read.value.evidence.integrity[table]?.verdict ?? null;
	const view = viewOf(read.value, baseline.trustedKeys);
	const caughtBy = [...newChecks(baseline.view, view), ...newExceptions(read.value, baseline.exceptions)];
	const unsealed = unsealedLines(view, table) - unsealedLines(baseline.view, table);
	const outcome = caughtBy.length > 0 ? 'caught' : unsealed > 0 ? 'shown' : 'not_caught';
	return {
		id: attack.id,
		outcome,
		caughtBy,
		before,
		after,
		changes,
		asExpected: isAsExpected(attack, caughtBy),
		sentence: sentenceOf(attack, outcome, caughtBy, unsealed),
		note: baseline.note,
	};
}

function isAsExpected({ expected, tests }: Attack, caughtBy: readonly Catch[]): boolean {
	if (expected.length + tests.length === 0) return caughtBy.length === 0;
	return expected.every((id) => caughtBy.some(({ by }) => by === id)) && tests.every((id) => caughtBy.some(({ test }) => test === id));
}

function sentenceOf({ beyond, title }: Attack, outcome: AttackOutcome['outcome'], caughtBy: readonly Catch[], unsealed: number): string {
	if (outcome === 'caught') {
		const names = [...new Set(caughtBy.map((one) => one.title))];
		return `Caught by ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}.`;
	}
	if (outcome === 'shown')
		return `Not contradicted: ${unsealed} lines stand behind the last checkpoint, and nothing vouches for them. ${beyond ?? ''}`.trim();
	return `Not caught: “${title}” leaves every check as it was. ${beyond ?? 'Without a trusted key, what only a signature can tell stays untold: add the log’s key from outside the drop.'}`;
}

const unsealedLines = (view: IntegrityView, table: TableName): number => {
	const one = view.sealed.find((sealed) => sealed.table === table);
	return one ? one.rows - one.sealed : 0;
};
