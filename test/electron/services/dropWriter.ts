/**
 * Writes small evidence drops from the words of the format alone, with node:crypto and JSON.stringify: a second opinion that shares
 * no line with the product, so that a misreading there is not repeated here.
 */
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';

export type Row = Readonly<Record<string, unknown>>;

/** Path inside the drop → bytes. */
export type DropFiles = Map<string, Buffer>;

export const sha256 = (...parts: readonly (Buffer | string)[]): Buffer => {
	const hash = createHash('sha256');
	for (const part of parts) hash.update(part);
	return hash.digest();
};

export const hexOf = (bytes: Buffer | string): string => sha256(bytes).toString('hex');

/** Keys of these drops are ASCII, so sorting them as JavaScript does is RFC 8785's order. */
export function canonical(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
	if (typeof value !== 'object' || value === null) return JSON.stringify(value);
	const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
	return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}

export const leafOf = (line: Buffer | string): Buffer => sha256(Buffer.from([0]), line);

/** RFC 6962 §2.1, as the RFC writes it. */
export function rootOf(lines: readonly (Buffer | string)[]): Buffer {
	if (lines.length === 0) return sha256('');
	if (lines.length === 1) return leafOf(lines[0] as string);
	let split = 1;
	while (split * 2 < lines.length) split *= 2;
	return sha256(Buffer.from([1]), rootOf(lines.slice(0, split)), rootOf(lines.slice(split)));
}

export interface Signer {
	readonly name: string;
	readonly vkey: string;
	readonly keyId: Buffer;
	/** A whole checkpoint file. */
	checkpoint(origin: string, size: number, root: Buffer, extensions?: readonly string[]): Buffer;
	/** One signature line over a text. */
	signatureLine(text: string): string;
}

export function signer(name: string, secret: string): Signer {
	const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), sha256(secret)]);
	const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
	const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
	const keyId = sha256(`${name}\n`, Buffer.from([1]), publicKey).subarray(0, 4);
	const signatureLine = (text: string): string =>
		`\u2014 ${name} ${Buffer.concat([keyId, sign(null, Buffer.from(text), privateKey)]).toString('base64')}\n`;
	return {
		name,
		keyId,
		vkey: `${name}+${keyId.toString('hex')}+${Buffer.concat([Buffer.from([1]), publicKey]).toString('base64')}`,
		signatureLine,
		checkpoint(origin, size, root, extensions = []) {
			const text = `${[origin, size, root.toString('base64'), ...extensions].join('\n')}\n`;
			return Buffer.from(`${text}\n${signatureLine(text)}`);
		},
	};
}

/** Chains rows per order and writes each as its canonical line. */
export function sealLines(rows: readonly Row[]): string[] {
	const last = new Map<unknown, string>();
	return rows.map((row) => {
		const line = canonical({ ...row, prev: last.get(row['order_id']) ?? null });
		last.set(row['order_id'], leafOf(line).toString('hex'));
		return line;
	});
}

export const fileOf = (lines: readonly (Buffer | string)[]): Buffer =>
	Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')]));

export function linesOf(files: DropFiles, table: string): string[] {
	const text = files.get(`data/${table}.ndjson`)?.toString('utf8') ?? '';
	return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

export const LOG = 'acme.example/o2c';
export const LOG_SIGNER = signer(LOG, 'the log key of these tests');
const SEAL_EVERY = 8;

export function addCheckpoints(files: DropFiles, table: string, by: Signer = LOG_SIGNER, every = SEAL_EVERY): void {
	const lines = linesOf(files, table);
	for (let size = every; ; size += every) {
		const upTo = Math.min(size, lines.length);
		files.set(`checkpoints/${table}/${upTo}.txt`, by.checkpoint(`${LOG}/${table}`, upTo, rootOf(lines.slice(0, upTo))));
		if (upTo === lines.length) return;
	}
}

export function dropCheckpoints(files: DropFiles, table: string, above = -1): void {
	for (const path of [...files.keys()])
		if (path.startsWith(`checkpoints/${table}/`) && Number(/(\d+)\.txt$/.exec(path)?.[1]) > above) files.delete(path);
}

/** Column sums a manifest of these drops declares. */
const TOTALS: Readonly<Record<string, readonly string[]>> = {
	revenue_event: ['amount_minor'],
	payment: ['amount_minor'],
	shipment: ['quantity'],
};

/** (Re)writes manifest.json so that it declares exactly what lies there: what an attacker who knows the format does as well. */
export function declare(files: DropFiles, change: Row = {}): void {
	const tables = [...files]
		.filter(([path]) => /^data\/\w+\.ndjson$/.test(path))
		.map(([file, bytes]) => {
			const table = file.slice('data/'.length, -'.ndjson'.length);
			const totals = Object.fromEntries((TOTALS[table] ?? []).map((column) => [column, totalOf(files, table, column)]));
			return {
				table,
				file,
				sha256: hexOf(bytes),
				bytes: bytes.length,
				rows: bytes.toString('latin1').split('\n').length - (bytes.at(-1) === 10 ? 1 : 0),
				control_totals: totals,
				extracted_at: '2027-01-15T01:30:00.000Z',
				extracted_by: 'it1',
				system: 'acme warehouse',
				query: `SELECT * FROM ${table}`,
			};
		});
	const documents = [...files].filter(([path]) => path.startsWith('documents/'));
	const manifest = {
		format: 'tieout-drop/1',
		drop_id: 'acme-1',
		company: 'Acme Nürnberg GmbH',
		entity_ids: ['E1'],
		period_from: '2026-01',
		period_to: '2026-12',
		as_of: '2027-01-15T00:00:00.000Z',
		log: LOG,
		log_key: LOG_SIGNER.vkey,
		previous_drop: null,
		tables,
		documents: { count: documents.length, bytes: documents.reduce((sum, [, bytes]) => sum + bytes.length, 0) },
		...change,
	};
	files.set('manifest.json', Buffer.from(JSON.stringify(manifest, null, '\t')));
}

function totalOf(files: DropFiles, table: string, column: string): number | string {
	const values = linesOf(files, table).flatMap((line) => {
		try {
			return [(JSON.parse(line) as Row)[column] ?? 0];
		} catch {
			return [];
		}
	});
	if (column !== 'quantity') return values.filter(Number.isSafeInteger).reduce<number>((sum, value) => sum + Number(value), 0);
	const tenths = values.reduce<number>((sum, value) => sum + Math.round(Number(value) * 10), 0);
	return `${Math.floor(tenths / 10)}.${tenths % 10}0`;
}

/** A seeded stream of numbers below `bound` (mulberry32). */
export function numbers(seed: number): (bound: number) => number {
	let state = seed >>> 0;
	return (bound) => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
	};
}

/** Replaces lines of a table, leaving checkpoints as they are and the manifest as it should then be. */
export function putLines(files: DropFiles, table: string, lines: readonly (Buffer | string)[]): void {
	files.set(`data/${table}.ndjson`, fileOf(lines));
	declare(files);
}
