/** Runs attacks: narrows the drop to what an attack needs, reads the copy before and after, and says what told them apart. */
import { CATALOGUE, type IntegrityVerdict, runTest } from '#audit';
import { formatVerifierKey, type LogHead, SEALED_TABLES, type VerifierKey } from '#evidence';
import { compareText, type Result, sha256Hex } from '#kernel';
import { isTableName, type TableName } from '#model';
import { type CheckId, type IntegrityCheck, type IntegrityView, integrityView } from './integrity.ts';
import {
	type Attack,
	type AttackChange,
	type AttackFamily,
	type AttackSite,
	type AttackTarget,
	DropCopy,
	entryOf,
	headsOf,
	type LabDrop,
	type LabImport,
	type LabSigner,
	type LooseManifest,
	readAll,
	readManifest,
	tablesOf,
	writeManifest,
} from './tamper.ts';
import { LINE_ATTACKS } from './tamperAttacks.ts';
import { declare, linesOf, putLines, rootsOf } from './tamperLines.ts';
import { checkpointSizes, reseal, SEAL_ATTACKS } from './tamperSeals.ts';

export const ATTACKS: readonly Attack[] = [...LINE_ATTACKS, ...SEAL_ATTACKS];

export interface LabPorts {
	/** Reads a copy as any drop is read. */
	readonly importCopy: (
		drop: LabDrop,
		outside: { readonly trustedKeys: readonly VerifierKey[]; readonly previousHeads: readonly LogHead[] },
	) => Promise<Result<LabImport, { readonly code: string; readonly message: string }>>;
	/** A key of the lab's own by this name; the same for the same name. */
	readonly signer: (name: string) => LabSigner;
}

export interface Catch {
	/** `import`: the copy is refused as a drop; `test`: an audit test beyond the integrity checks. */
	readonly by: CheckId | 'import' | 'test' | 'verdict';
	readonly test: string;
	readonly title: string;
	readonly sentence: string;
}

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

export interface AttackView {
	readonly id: string;
	readonly family: AttackFamily;
	readonly title: string;
	readonly motive: string;
	readonly means: string;
	readonly expected: readonly CheckId[];
	readonly tests: readonly string[];
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

interface Baseline {
	readonly copy: DropCopy;
	readonly site: AttackSite;
	readonly found: LabImport;
	readonly view: IntegrityView;
	readonly trustedKeys: readonly VerifierKey[];
	readonly exceptions: ReadonlySet<string>;
	readonly note: string | null;
}

export interface TamperLab {
	/** Runs one attack on a copy; the drop itself is only read. */
	run(attack: Attack): Promise<AttackOutcome>;
}

/** A copy has at most so many bytes of a table: a longer log is cut at a checkpoint. */
const COPY_BYTES_MAX = 24 << 20;
const DOCUMENTS_MAX = 12;
const LAB_TESTS = ['T66', 'T67', 'T68', 'T69', 'T70', 'T73', 'T74', 'T77'];
/** Read along with every copy, since rules of time need them. */
const SMALL_TABLES: readonly TableName[] = ['entity', 'period'];

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

const viewOf = ({ manifest, evidence, population }: LabImport, keys: readonly VerifierKey[]): IntegrityView =>
	integrityView({ manifest, evidence, population, trusted: keys.map((key) => ({ vkey: formatVerifierKey(key), origin: '' })) });

const checksOf = (view: IntegrityView): readonly IntegrityCheck[] => [...view.checks, ...view.sealed.flatMap(({ checks }) => checks)];

/** Checks that fail and did not, fail of more, or cannot be made any more. */
function newChecks(before: IntegrityView, after: IntegrityView): Catch[] {
	const known = new Map(checksOf(before).map((one) => [`${one.table}/${one.id}`, one]));
	return checksOf(after).flatMap((one): Catch[] => {
		const was = known.get(`${one.table}/${one.id}`);
		const fails = one.state === 'fails' && (was?.state !== 'fails' || was.words !== one.words || was.count !== one.count);
		const isLost = one.state === 'not_told' && was?.state === 'holds';
		if (!fails && !isLost) return [];
		return [
			{
				by: one.id,
				test: isLost ? '' : one.test,
				title: one.title,
				sentence: isLost ? `Could be told before, and cannot any more: ${one.words}` : one.words,
			},
		];
	});
}

function exceptionsOf({ population, evidence }: LabImport): Map<string, Catch> {
	const found = new Map<string, Catch>();
	for (const id of LAB_TESTS) {
		const test = CATALOGUE.find((one) => one.id === id);
		if (!test) continue;
		for (const { keys, reason } of runTest(test, population, evidence).exceptions)
			found.set(`${id}/${JSON.stringify(keys)}/${reason}`, { by: 'test', test: id, title: `${id} ${test.title}`, sentence: reason });
	}
	return found;
}

/** One catch a test: the first of its new exceptions. */
function newExceptions(found: LabImport, before: ReadonlySet<string>): Catch[] {
	const byTest = new Map<string, Catch>();
	for (const [key, one] of exceptionsOf(found)) if (!before.has(key) && !byTest.has(one.test)) byTest.set(one.test, one);
	return [...byTest.values()];
}

async function makeBaseline(
	source: LabDrop,
	ports: LabPorts,
	{ trusted, copyBytesMax }: { readonly trusted: readonly VerifierKey[]; readonly copyBytesMax: number },
	{ target, holdsKey }: Attack,
): Promise<Baseline | string> {
	const copy = await narrow(source, target, copyBytesMax);
	if (typeof copy === 'string') return copy;
	const standIn = ports.signer('lab-stand-in');
	const site = await siteOf(copy, ports, standIn);
	const first = await ports.importCopy(copy.drop.asDrop(), { trustedKeys: trusted, previousHeads: [] });
	if (!first.ok) return `The copy could not be read: ${first.error.message}`;
	dropFailedCheckpoints(copy.drop, first.value);
	await mendDeclarations(copy.drop, first.value);
	const isBare = copy.isCut && isSealed(copy.table) && (await checkpointSizes(copy.drop, copy.table)).length === 0;
	if (isBare) await sealAnew(copy.drop, site);
	const isOwn = isBare || (holdsKey === true && isSealed(copy.table));
	if (isOwn) await reseal(copy.drop, site, standIn);
	const trustedKeys = isOwn ? [standIn.key] : trusted;
	const found = await ports.importCopy(copy.drop.asDrop(), { trustedKeys, previousHeads: [] });
	if (!found.ok) return `The copy could not be read: ${found.error.message}`;
	return {
		copy: copy.drop,
		site,
		found: found.value,
		view: viewOf(found.value, trustedKeys),
		trustedKeys,
		exceptions: new Set(exceptionsOf(found.value).keys()),
		note: noteOf(copy, found.value, isBare),
	};
}

async function siteOf({ drop, table }: Narrowed, ports: LabPorts, standIn: LabSigner): Promise<AttackSite> {
	const manifest = await readManifest(drop);
	return {
		table,
		file: fileOf(manifest, table),
		origin: `${String(manifest['log'] ?? '')}/${table}`,
		standIn,
		stranger: ports.signer('lab-stranger'),
	};
}

/** Differences from the manifest that the drop has already would hide those that an attack makes. */
async function mendDeclarations(copy: DropCopy, { evidence }: LabImport): Promise<void> {
	const manifest = await readManifest(copy);
	for (const { table, verdict } of evidence.ipe)
		if (verdict === 'differs' && isTableName(table)) await declare(copy, { table, file: fileOf(manifest, table) });
}

const QUARTERS = [1, 2, 3, 4];

/** Checkpoints of the lab at every quarter of a copy whose log was sealed further on than the copy reaches. */
async function sealAnew(copy: DropCopy, site: AttackSite): Promise<void> {
	const lines = await linesOf(copy, site.file);
	const rootOf = rootsOf(site.table, lines);
	for (const quarter of QUARTERS) {
		const size = Math.floor((lines.length * quarter) / QUARTERS.length);
		copy.write(`checkpoints/${site.table}/${size}.txt`, site.standIn.checkpoint(site.origin, size, rootOf(size)));
	}
}

function noteOf({ isCut, table }: Narrowed, { evidence }: LabImport, isBare: boolean): string | null {
	if (!isCut) return null;
	const lines = evidence.integrity[table]?.rows ?? 0;
	return `The copy is the first ${lines} lines of ${table}${isBare ? '. The log was sealed further on only, so the copy is sealed with a key of the lab' : ', up to a checkpoint'}.`;
}

const fileOf = (manifest: LooseManifest, table: TableName): string => String(entryOf(manifest, table)?.['file'] ?? '');

const isSealed = (table: TableName): boolean => (SEALED_TABLES as readonly string[]).includes(table);

/** Checkpoints that fail already are left out, and differences from the manifest mended, so that on the copy the attack is all that is wrong. */
function dropFailedCheckpoints(copy: DropCopy, { sealed }: LabImport): void {
	for (const { verification } of sealed.values())
		for (const one of verification.checkpoints) {
			const isNamedBySize = one.kind === 'read' && one.path.endsWith(`/${one.checkpoint.size}.txt`);
			const isSound =
				isNamedBySize && one.isOfThisLog && one.root === 'matches' && (one.signature === 'trusted' || one.signature === 'claimed');
			if (!isSound) copy.remove(one.path);
		}
}

interface Narrowed {
	readonly drop: DropCopy;
	readonly table: TableName;
	/** The table was too long to be copied whole. */
	readonly isCut: boolean;
}

/** The part of a drop that an attack needs: few tables, few documents, long logs cut at a checkpoint. */
async function narrow(source: LabDrop, target: AttackTarget, copyBytesMax: number): Promise<Narrowed | string> {
	if (!source.paths.has('manifest.json')) return 'There is no manifest.json to copy.';
	const whole = new DropCopy(source, source.paths);
	const manifest = await readManifest(whole);
	const table = target === 'plain' ? await plainTable(source, manifest) : target === 'documents' ? 'document' : target;
	if (table === null || !tablesOf(manifest).some((entry) => entry['table'] === table && source.paths.has(String(entry['file']))))
		return target === 'plain' ? 'The drop has no small table with a control total to alter.' : `The drop has no table ${table ?? target}.`;
	const tables = new Set<string>([table, ...SMALL_TABLES]);
	const entries = tablesOf(manifest).filter((entry) => tables.has(String(entry['table'])) && source.paths.has(String(entry['file'])));
	const documents =
		table === 'document'
			? [...source.paths]
					.filter((path) => path.startsWith('documents/'))
					.sort(compareText)
					.slice(0, DOCUMENTS_MAX)
			: [];
	const paths = [
		'manifest.json',
		...entries.map((entry) => String(entry['file'])),
		...[...source.paths].filter((path) => path.startsWith(`checkpoints/${table}/`)),
		...documents,
	];
	const copy = new DropCopy(source, paths);
	const isCut = await shorten(
		copy,
		source,
		entries.find((entry) => entry['table'] === table),
		copyBytesMax,
	);
	const sizes = await Promise.all(documents.map((path) => source.size(path)));
	writeManifest(copy, { ...manifest, tables: entries, documents: { count: documents.length, bytes: sizes.reduce((a, b) => a + b, 0) } });
	return { drop: copy, table, isCut };
}

/** The smallest table without a log that declares a control total. */
async function plainTable(source: LabDrop, manifest: LooseManifest): Promise<TableName | null> {
	let best: { readonly table: TableName; readonly bytes: number } | null = null;
	for (const entry of tablesOf(manifest)) {
		const name = String(entry['table']);
		const totals = entry['control_totals'];
		const isMoney = typeof totals === 'object' && totals !== null && Object.keys(totals)[0]?.endsWith('_minor');
		if (!isTableName(name) || isSealed(name) || !isMoney || !source.paths.has(String(entry['file'])) || Number(entry['rows']) < 3) continue;
		const bytes = await source.size(String(entry['file']));
		if (bytes <= COPY_BYTES_MAX && (best === null || bytes < best.bytes)) best = { table: name, bytes };
	}
	return best?.table ?? null;
}

/** Cuts a long log behind the last checkpoint that fits; what the manifest says of it is said anew, without totals. */
async function shorten(copy: DropCopy, source: LabDrop, entry: LooseManifest | undefined, bytesMax: number): Promise<boolean> {
	const [file, table] = [String(entry?.['file'] ?? ''), String(entry?.['table'] ?? '')];
	if (!entry || !isSealed(table as TableName) || (await source.size(file)) <= bytesMax) return false;
	copy.write(file, await readAll(source, file, bytesMax));
	const lines = (await linesOf(copy, file)).slice(0, -1);
	const sizes = await checkpointSizes(copy, table);
	const last = sizes.filter(({ size }) => size <= lines.length).at(-1)?.size ?? lines.length;
	for (const { path, size } of sizes) if (size > last) copy.remove(path);
	putLines(copy, file, lines.slice(0, last));
	entry['rows'] = last;
	entry['control_totals'] = null;
	const bytes = await copy.read(file);
	if (typeof entry['bytes'] === 'number') entry['bytes'] = bytes.length;
	entry['sha256'] = sha256Hex(bytes);
	return true;
}
