/**
 * What may follow the preparer's certification, as a whitelist: a reviewer's signature in the field that waits for it, a
 * document security store, or a document timestamp. Anything else is named by what it changes.
 * Attacks on certified PDFs live here: incremental saving, shadow documents, evil annotations, sneaky signatures.
 */
import { type CheckFinding, finding } from './checkCodes.ts';
import type { FoundSignature } from './checkFindSignatures.ts';
import { describeUpdate } from './checkUpdates.ts';
import type { PdfFile } from './pdfSyntaxFile.ts';
import { dictOf, entryOf, equalValues, integerOf, nameOf, type PdfDict, type PdfValue, pdfText } from './pdfSyntaxValue.ts';

type RevisionKind = 'certified' | 'countersigned' | 'security_store' | 'timestamped' | 'unlawful';

export interface RevisionsAnswer {
	readonly kinds: readonly RevisionKind[];
	readonly findings: readonly CheckFinding[];
}

export function checkRevisions(file: PdfFile, signatures: readonly FoundSignature[]): RevisionsAnswer {
	const findings: CheckFinding[] = certificationFindings(file, signatures);
	const kinds: RevisionKind[] = ['certified'];
	for (let revision = 1; revision < file.revisions.length; revision++) {
		findings.push(...trailerFindings(file, revision));
		const kind = kindOf(file, revision);
		kinds.push(kind);
		if (kind === 'unlawful') findings.push(...describeUpdate(file, revision));
	}
	return { kinds, findings };
}

const catalogOf = (file: PdfFile, revision: number): PdfDict | null => {
	const trailer = file.revisions[revision]?.trailer;
	return trailer === undefined ? null : dictOf(file.resolve(entryOf(trailer, 'Root'), revision));
};

/** `/Perms /DocMDP` of revision 0 names the preparer's signature, whose transform allows signatures only (P=2). */
function certificationFindings(file: PdfFile, signatures: readonly FoundSignature[]): CheckFinding[] {
	const catalog = catalogOf(file, 0);
	const permissions = catalog === null ? null : dictOf(file.resolve(entryOf(catalog, 'Perms'), 0));
	const docMdp = permissions === null ? undefined : entryOf(permissions, 'DocMDP');
	const target = docMdp?.kind === 'reference' ? signatures.find(({ objectNumber }) => objectNumber === docMdp.number) : undefined;
	if (target === undefined || target.objectStart >= (file.revisions[0]?.end ?? 0))
		return [finding('not_certified', 'no /Perms /DocMDP that names a signature of the first revision')];
	const references = entryOf(target.dict, 'Reference');
	const reference =
		references?.kind === 'array' && references.items.length === 1
			? (dictOf(references.items[0]) ?? dictOf(file.resolve(references.items[0], 0)))
			: null;
	const parameters = reference === null ? null : dictOf(file.resolve(entryOf(reference, 'TransformParams'), 0));
	const isLawful =
		reference !== null && nameOf(reference, 'TransformMethod') === 'DocMDP' && parameters !== null && integerOf(parameters, 'P') === 2;
	return isLawful && target.field === 'Preparer' ? [] : [finding('not_certified', `the certification is by ${target.field ?? 'no field'}`)];
}

function trailerFindings(file: PdfFile, revision: number): CheckFinding[] {
	const before = file.revisions[revision - 1]?.trailer;
	const after = file.revisions[revision]?.trailer;
	return equalValues(before, after, ['Prev', 'Size']) ? [] : [finding('trailer_changed', `revision ${revision + 1}`)];
}

function kindOf(file: PdfFile, revision: number): RevisionKind {
	const numbers = [...(file.revisions[revision]?.offsets.keys() ?? [])];
	const changed = numbers.filter((number) => file.get(number, revision - 1) !== undefined);
	const added = numbers.filter((number) => file.get(number, revision - 1) === undefined);
	if (isCountersignature(file, revision, changed, added)) return 'countersigned';
	if (isSecurityStore(file, revision, changed, added)) return 'security_store';
	if (isTimestamp(file, revision, changed, added)) return 'timestamped';
	return 'unlawful';
}

/** The form's fields as object numbers, or null. */
function fieldsOf(file: PdfFile, revision: number): readonly number[] | null {
	const catalog = catalogOf(file, revision);
	const form = catalog === null ? null : dictOf(file.resolve(entryOf(catalog, 'AcroForm'), revision));
	const fields = form === null ? undefined : file.resolve(entryOf(form, 'Fields'), revision);
	if (fields?.kind !== 'array') return null;
	return fields.items.map((item) => (item.kind === 'reference' ? item.number : -1));
}

/** One waiting signature field gains `/V`, and one signature is added: nothing else. */
function isCountersignature(file: PdfFile, revision: number, changed: readonly number[], added: readonly number[]): boolean {
	const [field, ...otherFields] = changed;
	const [signature, ...otherObjects] = added;
	if (field === undefined || signature === undefined || otherFields.length > 0 || otherObjects.length > 0) return false;
	const before = file.get(field, revision - 1);
	const after = file.get(field, revision);
	if (before?.kind !== 'dict' || after?.kind !== 'dict' || !equalValues(before, after, ['V'])) return false;
	if (nameOf(before, 'FT') !== 'Sig' || entryOf(before, 'V') !== undefined || !(fieldsOf(file, 0) ?? []).includes(field)) return false;
	const value = entryOf(after, 'V');
	const dict = file.get(signature, revision);
	return (
		value?.kind === 'reference' &&
		value.number === signature &&
		value.generation === 0 &&
		dict?.kind === 'dict' &&
		nameOf(dict, 'Type') === 'Sig' &&
		!dict.entries.has('Reference')
	);
}

const STORE_KEYS = new Set(['Type', 'Certs', 'CRLs', 'OCSPs', 'VRI', 'Cert', 'CRL', 'OCSP', 'TU', 'TS']);
const STREAM_KEYS = new Set(['Length', 'Filter']);

/** The catalog gains `/DSS` (and `/Extensions`), and what it holds is added: streams and dictionaries of it (ETSI EN 319 142-1 §5.4.2). */
function isSecurityStore(file: PdfFile, revision: number, changed: readonly number[], added: readonly number[]): boolean {
	const before = catalogOf(file, revision - 1);
	const after = catalogOf(file, revision);
	const root = file.revisions[revision]?.trailer.entries.get('Root')?.value;
	if (before === null || after === null || root?.kind !== 'reference') return false;
	if (changed.length !== 1 || changed[0] !== root.number || !equalValues(before, after, ['DSS', 'Extensions'])) return false;
	const store = entryOf(after, 'DSS');
	if (store === undefined || !isStorePart(file.resolve(store, revision), true)) return false;
	return added.every((number) => isStorePart(file.get(number, revision), false));
}

function isStorePart(value: PdfValue | undefined, top: boolean): boolean {
	if (value === undefined) return false;
	switch (value.kind) {
		case 'stream':
			return [...value.dict.entries.keys()].every((key) => STREAM_KEYS.has(key));
		case 'dict':
			return [...value.entries].every(
				([key, entry]) => (STORE_KEYS.has(key) || (!top && /^[0-9A-F]{40}$/.test(key))) && isStorePart(entry.value, false),
			);
		case 'array':
			return value.items.every((item) => isStorePart(item, false));
		case 'name':
			return value.value === 'DSS' || value.value === 'VRI';
		default:
			return value.kind === 'reference' || value.kind === 'string';
	}
}

const TIMESTAMP_FIELD_KEYS = new Set(['Type', 'Subtype', 'FT', 'T', 'V', 'Rect', 'F', 'P']);

/** An invisible field with a document timestamp; the form's fields and one page's annotations grow by it. */
function isTimestamp(file: PdfFile, revision: number, changed: readonly number[], added: readonly number[]): boolean {
	const field = added.find((number) => nameOf(dictOf(file.get(number, revision)) ?? EMPTY, 'FT') === 'Sig');
	const signature = added.find((number) => nameOf(dictOf(file.get(number, revision)) ?? EMPTY, 'Type') === 'DocTimeStamp');
	if (field === undefined || signature === undefined || added.length !== 2) return false;
	const dict = file.get(field, revision);
	const value = dict?.kind === 'dict' ? entryOf(dict, 'V') : undefined;
	if (dict?.kind !== 'dict' || value?.kind !== 'reference' || value.number !== signature || pdfText(entryOf(dict, 'T')) === null)
		return false;
	if (![...dict.entries.keys()].every((key) => TIMESTAMP_FIELD_KEYS.has(key))) return false;
	const rectangle = entryOf(dict, 'Rect');
	if (
		rectangle?.kind !== 'array' ||
		rectangle.items.length !== 4 ||
		!rectangle.items.every((item) => item.kind === 'number' && item.value === 0)
	)
		return false;
	return changed.every((number) => growsBy(file.get(number, revision - 1), file.get(number, revision), field));
}

const EMPTY: PdfDict = { kind: 'dict', entries: new Map(), start: 0, end: 0 };

/** Whether `after` is `before` but for one list, `/Fields`, `/Annots` or the list itself, that ends in the new field. */
function growsBy(before: PdfValue | undefined, after: PdfValue | undefined, field: number): boolean {
	if (before?.kind === 'array' && after?.kind === 'array') {
		const last = after.items.at(-1);
		const rest = { ...after, items: after.items.slice(0, -1) };
		return last?.kind === 'reference' && last.number === field && equalValues(before, rest);
	}
	if (before?.kind !== 'dict' || after?.kind !== 'dict') return false;
	for (const key of ['Fields', 'Annots', 'AcroForm']) {
		const old = entryOf(before, key) ?? { kind: 'array', items: [], start: 0, end: 0 };
		const grown = entryOf(after, key);
		if (grown !== undefined && equalValues(before, after, [key]) && growsBy(key === 'AcroForm' ? entryOf(before, key) : old, grown, field))
			return true;
	}
	return false;
}
