/** The embedded files against the manifest, as a set: by name, size and SHA-256, none missing, none more, none twice. */
import { toHex } from '#kernel';
import { type CheckFinding, finding } from './checkCodes.ts';
import { MANIFEST_NAME, type PackManifest, parseManifest } from './packManifest.ts';
import type { PdfFile } from './pdfSyntaxFile.ts';
import { dictOf, entryOf, nameOf, type PdfObject, type PdfStream, type PdfValue, pdfText } from './pdfSyntaxValue.ts';
import type { VerifyPorts } from './signatureAlgorithm.ts';

export interface AttachmentsAnswer {
	readonly manifest: PackManifest | null;
	/** The files that are what the manifest says, by attachment name. */
	readonly files: ReadonlyMap<string, Uint8Array>;
	readonly declared: number;
	readonly findings: readonly CheckFinding[];
}

const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;
/** All embedded files together, inflated: a pack holds less by far, and a checker must not be made to hold more. */
const MAX_EMBEDDED_BYTES = 1024 * 1024 * 1024;
const MAX_TREE_NODES = 100_000;

/** Object numbers of everything that is, or names, an embedded file; filled while the file is read. */
export interface AttachmentCollector {
	visit(object: PdfObject): void;
	readonly streams: ReadonlySet<number>;
}

export function collectAttachments(): AttachmentCollector {
	const streams = new Set<number>();
	const visitDict = (value: PdfValue): void => {
		if (value.kind === 'array') value.items.forEach(visitDict);
		const dict = dictOf(value);
		if (dict === null) return;
		for (const { value: inner } of dict.entries.values()) visitDict(inner);
		const embedded = dictOf(entryOf(dict, 'EF'));
		for (const { value: target } of embedded?.entries.values() ?? []) if (target.kind === 'reference') streams.add(target.number);
	};
	return {
		streams,
		visit(object) {
			if (object.value.kind === 'stream' && nameOf(object.value.dict, 'Type') === 'EmbeddedFile') streams.add(object.number);
			visitDict(object.value);
		},
	};
}

export function checkAttachments(file: PdfFile, collected: AttachmentCollector, ports: VerifyPorts): AttachmentsAnswer {
	const findings: CheckFinding[] = [];
	const streams = readNameTree(file, findings);
	const inTree = new Set([...streams.values()].map(({ number }) => number));
	for (const number of collected.streams)
		if (!inTree.has(number)) findings.push(finding('attachment_undeclared', `object ${number} is an embedded file that no name leads to`));
	const manifestStream = streams.get(MANIFEST_NAME);
	if (manifestStream === undefined)
		return { manifest: null, files: new Map(), declared: 0, findings: [...findings, finding('manifest_missing', MANIFEST_NAME)] };
	const bytes = streamBytes(file, manifestStream.stream, MAX_MANIFEST_BYTES, ports);
	const manifest = bytes === null ? null : parseManifest(bytes);
	if (manifest === null || !manifest.ok) {
		const fault = manifest === null ? finding('manifest_unreadable', 'its stream') : finding(manifest.error.code, manifest.error.detail);
		return { manifest: null, files: new Map(), declared: 0, findings: [...findings, fault] };
	}
	const files = compare(file, streams, manifest.value, ports, findings);
	return { manifest: manifest.value, files, declared: manifest.value.files.length, findings };
}

function compare(
	file: PdfFile,
	streams: ReadonlyMap<string, NamedStream>,
	manifest: PackManifest,
	ports: VerifyPorts,
	findings: CheckFinding[],
): Map<string, Uint8Array> {
	const files = new Map<string, Uint8Array>();
	const declared = new Set(manifest.files.map(({ name }) => name));
	for (const name of streams.keys())
		if (name !== MANIFEST_NAME && !declared.has(name)) findings.push(finding('attachment_undeclared', name));
	let held = 0;
	for (const { name, size, sha256 } of manifest.files) {
		if (held + size > MAX_EMBEDDED_BYTES) {
			findings.push(finding('attachment_unreadable', `${name} and what comes behind it: more than ${MAX_EMBEDDED_BYTES} bytes in all`));
			break;
		}
		const named = streams.get(name);
		if (named === undefined) {
			findings.push(finding('attachment_missing', name));
			continue;
		}
		// Never inflate beyond what the manifest says: a bomb is just a mismatch.
		const bytes = streamBytes(file, named.stream, size, ports);
		if (bytes === null) findings.push(finding('attachment_unreadable', `${name} is not ${size} bytes of data`));
		else if (bytes.length !== size || toHex(ports.hash('sha256', [bytes])) !== sha256) findings.push(finding('attachment_mismatch', name));
		else {
			files.set(name, bytes);
			held += bytes.length;
		}
	}
	return files;
}

function streamBytes(file: PdfFile, stream: PdfStream, maxLength: number, ports: VerifyPorts): Uint8Array | null {
	const raw = file.bytes.subarray(stream.dataStart, stream.dataEnd);
	const filter = entryOf(stream.dict, 'Filter');
	if (stream.dict.entries.has('DecodeParms') || stream.dict.entries.has('F')) return null;
	if (filter === undefined) return raw.length <= maxLength ? raw : null;
	const single = filter.kind === 'array' && filter.items.length === 1 ? filter.items[0] : filter;
	return single?.kind === 'name' && single.value === 'FlateDecode' ? ports.inflate(raw, maxLength) : null;
}

interface NamedStream {
	readonly number: number;
	readonly stream: PdfStream;
}

/** `/Names /EmbeddedFiles` (ISO 32000-1 §7.9.6, §7.11.4), with every name once and every specification pointing at one stream. */
function readNameTree(file: PdfFile, findings: CheckFinding[]): Map<string, NamedStream> {
	const streams = new Map<string, NamedStream>();
	const root = file.revisions.at(-1)?.trailer;
	const catalog = root === undefined ? null : dictOf(file.resolve(entryOf(root, 'Root')));
	const names = catalog === null ? null : dictOf(file.resolve(entryOf(catalog, 'Names')));
	const pending: (PdfValue | undefined)[] = names === null ? [] : [entryOf(names, 'EmbeddedFiles')];
	for (let visited = 0; pending.length > 0 && visited < MAX_TREE_NODES; visited++) {
		const node = dictOf(file.resolve(pending.pop()));
		if (node === null) continue;
		const kids = file.resolve(entryOf(node, 'Kids'));
		if (kids?.kind === 'array') pending.push(...kids.items.slice(0, MAX_TREE_NODES));
		const list = file.resolve(entryOf(node, 'Names'));
		const items = list?.kind === 'array' ? list.items : [];
		for (let i = 0; i + 1 < items.length; i += 2) readName(file, items[i], items[i + 1], streams, findings);
	}
	return streams;
}

function readName(
	file: PdfFile,
	key: PdfValue | undefined,
	value: PdfValue | undefined,
	streams: Map<string, NamedStream>,
	findings: CheckFinding[],
): void {
	const name = pdfText(key);
	const specification = dictOf(file.resolve(value));
	const embedded = specification === null ? null : dictOf(file.resolve(entryOf(specification, 'EF')));
	const shown = specification === null ? [] : ['F', 'UF'].flatMap((field) => pdfText(entryOf(specification, field)) ?? []);
	const targets = [...(embedded?.entries.values() ?? [])].map((entry) => (entry.value.kind === 'reference' ? entry.value.number : -1));
	const [number] = targets;
	const stream = number === undefined ? undefined : file.get(number);
	// Two readers must not save two files under one name: key, /F and /UF agree, and so do the streams behind them.
	const agrees = name !== null && shown.length > 0 && shown.every((text) => text === name) && targets.every((target) => target === number);
	if (name === null || number === undefined || stream?.kind !== 'stream' || !agrees)
		findings.push(finding('attachment_unreadable', `${name ?? 'an attachment without a name'} is ambiguous`));
	else if (streams.has(name)) findings.push(finding('attachment_duplicate', name));
	else streams.set(name, { number, stream });
}
