/** What is read of a copy before an attack and after it, and what differs. */
import { CATALOGUE, runTest } from '#audit';
import { formatVerifierKey, type VerifierKey } from '#evidence';
import { type IntegrityView, integrityView } from './integrity.ts';
import type { CheckId, IntegrityCheck } from './integrityChecks.ts';
import type { Attack, AttackSite, LabImport } from './tamper.ts';
import { checkpointSizes, reseal } from './tamperCheckpoints.ts';
import type { DropCopy, LabDrop } from './tamperCopy.ts';
import { isSealed, narrow } from './tamperNarrow.ts';
import { dropFailedCheckpoints, type LabPorts, mendDeclarations, noteOf, sealAnew, siteOf } from './tamperSite.ts';

export interface Catch {
	/** `import`: the copy is refused as a drop; `test`: an audit test beyond the integrity checks. */
	readonly by: CheckId | 'import' | 'test' | 'verdict';
	readonly test: string;
	readonly title: string;
	readonly sentence: string;
}

export interface Baseline {
	readonly copy: DropCopy;
	readonly site: AttackSite;
	readonly found: LabImport;
	readonly view: IntegrityView;
	readonly trustedKeys: readonly VerifierKey[];
	readonly exceptions: ReadonlySet<string>;
	readonly note: string | null;
}

const LAB_TESTS = ['T66', 'T67', 'T68', 'T69', 'T70', 'T73', 'T74', 'T77'];

export const viewOf = ({ manifest, evidence, population }: LabImport, keys: readonly VerifierKey[]): IntegrityView =>
	integrityView({ manifest, evidence, population, trusted: keys.map((key) => ({ vkey: formatVerifierKey(key), origin: '' })) });

const checksOf = (view: IntegrityView): readonly IntegrityCheck[] => [...view.checks, ...view.sealed.flatMap(({ checks }) => checks)];

/** Checks that fail and did not, fail of more, or cannot be made any more. */
export function newChecks(before: IntegrityView, after: IntegrityView): Catch[] {
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
export function newExceptions(found: LabImport, before: ReadonlySet<string>): Catch[] {
	const byTest = new Map<string, Catch>();
	for (const [key, one] of exceptionsOf(found)) if (!before.has(key) && !byTest.has(one.test)) byTest.set(one.test, one);
	return [...byTest.values()];
}

export async function makeBaseline(
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
