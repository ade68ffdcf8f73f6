/** What is checked of a drop beside its seals: producer's declarations, documents, malformed lines. */
import type { IpeDifference } from '#audit';
import type { Population } from '#population';
import { type CheckId, type CheckState, type IntegrityCheck, type IntegrityInput, say } from './integrityChecks.ts';
import { isWhole } from './whole.ts';

export function dropChecks({ evidence, population, manifest }: IntegrityInput): IntegrityCheck[] {
	const differing = (...whats: readonly IpeDifference['what'][]): { readonly table: string; readonly one: IpeDifference }[] =>
		evidence.ipe.flatMap(({ table, differences }) => differences.filter(({ what }) => whats.includes(what)).map((one) => ({ table, one })));
	const hashes = differing('sha256');
	const counts = differing('rows', 'bytes', 'control_total');
	const declared = manifest.tables.length;
	const quarantined = [...population.tables()].reduce((sum, { quarantine }) => sum + quarantine.length, 0);
	const { present, missing, altered } = evidence.documents;
	const [hash] = hashes;
	const [count] = counts;
	const check = (id: CheckId, title: string, test: string, found: number, holds: string, fails: string): IntegrityCheck => ({
		id,
		title,
		test,
		state: found > 0 ? 'fails' : 'holds',
		count: found,
		words: found > 0 ? fails : holds,
		table: null,
	});
	return [
		check(
			'file_hash',
			'File hash equals the manifest',
			'T66',
			hashes.length,
			`The bytes of all ${say(declared)} declared files have the SHA-256 their manifest states.`,
			`${hash?.table}: declared ${hash?.one.declared.slice(0, 16)}…, found ${hash?.one.found.slice(0, 16)}…${further(hashes.length)}.`,
		),
		check(
			'declared_counts',
			'Rows, bytes and control totals as declared',
			'T77',
			counts.length,
			'Every declared count and sum is what the file has.',
			`${count?.table}, ${count?.one.what === 'control_total' ? 'control total' : count?.one.what}: declared ${count?.one.declared}, found ${count?.one.found}${further(counts.length)}.`,
		),
		check(
			'well_formed',
			'Every line can be read',
			'',
			quarantined,
			'No line was set aside as malformed.',
			`${say(quarantined)} malformed ${quarantined === 1 ? 'line was' : 'lines were'} set aside; every test on those tables is incomplete.`,
		),
		documentCheck(population, present, missing.length, altered.length),
	];
}

/** Which documents are cited is read from a table: where that is not there, or not whole, none missing says nothing. */
function documentCheck(population: Population, present: number, missing: number, altered: number): IntegrityCheck {
	const lying = `${say(present)} documents lie under the hash of their bytes`;
	const check = (state: CheckState, count: number, words: string): IntegrityCheck => ({
		id: 'documents',
		title: 'Documents are the bytes they are named by',
		test: 'T73',
		state,
		count,
		words,
		table: null,
	});
	const open =
		!population.has('document') || !population.table('document').has('sha256')
			? 'the hashes of the table document were not supplied, so whether others are missing can’t be told'
			: isWhole(population, 'document')
				? null
				: 'lines of the table document were set aside, so others may be cited and missing';
	if (missing + altered > 0) {
		const found = `${say(altered)} ${altered === 1 ? 'document was' : 'documents were'} altered, ${say(missing)} cited and missing`;
		return check('fails', missing + altered, open === null ? `${found}.` : `${found}; ${open}.`);
	}
	return open === null ? check('holds', 0, `${lying}, and none that is cited is missing.`) : check('not_told', 0, `${lying}; ${open}.`);
}

/** Only the first is told in a sentence; the rest is counted. */
const further = (count: number): string => (count > 1 ? `; and ${say(count - 1)} more` : '');
