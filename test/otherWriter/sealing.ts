/**
 * A second, independent writer of `tieout-drop/1`: canonical lines, order chains, the Merkle log, signed checkpoints and the manifest,
 * written from the words of the format alone. It shares no code with the product, so that both can't make the same mistake.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';

type Value = string | number | boolean | null | { readonly [name: string]: string };
export type Row = { [key: string]: Value };
export type Tables = { [table: string]: Row[] };

/** What may be done to the sealed drop before or after its hashes are taken. */
export type Tampering = {
	/** On the numbered rows, before `prev` is worked out (a row that already has `prev` keeps it). */
	readonly rows?: (table: string, rows: Row[]) => void;
	/** On the finished lines, before trees and manifest. */
	readonly lines?: (table: string, lines: string[]) => void;
	/** On the manifest's object, before it is written. */
	readonly manifest?: (manifest: { tables: { [key: string]: unknown }[]; [key: string]: unknown }) => void;
	/** On the finished files, at the very end. */
	readonly files?: (
		files: Map<string, Uint8Array>,
		signNote: (table: string, size: number, root: Buffer, key?: KeyObject) => string,
	) => void;
};

export type Header = {
	readonly dropId: string;
	readonly company: string;
	readonly entityIds: readonly string[];
	readonly from: string;
	readonly to: string;
	readonly asOf: string;
	readonly log: string;
	readonly controlTotals: { readonly [table: string]: readonly string[] };
	readonly documents: ReadonlyMap<string, Uint8Array>;
	readonly disclosures: { readonly [table: string]: readonly (readonly [eventKey: string, disclosure: string])[] };
};

const SEALED: { readonly [table: string]: { readonly id: string; readonly time: string } } = {
	order_event: { id: 'event_id', time: 'recorded_at' },
	revenue_event: { id: 'revenue_id', time: 'posted_at' },
};

export const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();

/** RFC 8785 for what a drop holds: strings, whole numbers, booleans, null and maps of them. */
export function canonical(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
	if (value === null || typeof value !== 'object') return JSON.stringify(value);
	const members = Object.entries(value).filter(([, member]) => member !== undefined);
	members.sort(([a], [b]) => (a < b ? -1 : 1));
	return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
}

const leafHash = (line: string): Buffer => sha256(Buffer.concat([Buffer.from([0]), Buffer.from(line, 'utf8')]));

/** RFC 6962's tree head, by its own definition: split at the largest power of two below n. */
function treeHead(leaves: readonly Buffer[]): Buffer {
	if (leaves.length === 0) return sha256('');
	if (leaves.length === 1) return leaves[0] ?? sha256('');
	let k = 1;
	while (k * 2 < leaves.length) k *= 2;
	return sha256(Buffer.concat([Buffer.from([1]), treeHead(leaves.slice(0, k)), treeHead(leaves.slice(k))]));
}

/** A deterministic Ed25519 key from words (PKCS#8 wrapping of a 32-byte seed). */
export function keyFrom(words: string): KeyObject {
	const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), sha256(words)]);
	return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

const publicBytes = (key: KeyObject): Buffer => createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);

function keyId(name: string, key: KeyObject): Buffer {
	return sha256(Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([1]), publicBytes(key)])).subarray(0, 4);
}

export function vkeyOf(name: string, key: KeyObject): string {
	return `${name}+${keyId(name, key).toString('hex')}+${Buffer.concat([Buffer.from([1]), publicBytes(key)]).toString('base64')}`;
}

/** A C2SP signed note of a tree head, with a witness's line the reader does not know. */
function signedNote(name: string, origin: string, size: number, root: Buffer, key: KeyObject): string {
	const text = `${origin}\n${size}\n${root.toString('base64')}\n`;
	const witness = keyFrom('a witness nobody here knows');
	const line = (who: string, by: KeyObject) =>
		`— ${who} ${Buffer.concat([keyId(who, by), sign(null, Buffer.from(text), by)]).toString('base64')}\n`;
	return `${text}\n${line(name, key)}${line('witness.example/w1', witness)}`;
}

/** Micro-units of a decimal string. */
export function micro(text: string): bigint {
	if (text.startsWith('-')) return -micro(text.slice(1));
	const [whole = '0', fraction = ''] = text.split('.');
	return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
}

export function decimal(amount: bigint, padded = false): string {
	const fraction = (amount % 1_000_000n).toString().padStart(6, '0');
	const short = padded ? fraction : fraction.replace(/0+$/, '');
	return short === '' ? (amount / 1_000_000n).toString() : `${amount / 1_000_000n}.${short}`;
}

function numberRows(table: string, rows: Row[], firstSeq: { readonly [source: string]: number }): void {
	const time = SEALED[table]?.time ?? '';
	rows.sort((a, b) => (String(a[time]) < String(b[time]) ? -1 : String(a[time]) > String(b[time]) ? 1 : 0));
	if (table !== 'order_event') return;
	const byOrder = new Map<string, number>();
	const bySource = new Map<string, number>();
	for (const row of rows) {
		const order = String(row['order_id']);
		const source = String(row['source_system']);
		byOrder.set(order, (byOrder.get(order) ?? 0) + 1);
		bySource.set(source, (bySource.get(source) ?? (firstSeq[source] ?? 1) - 1) + 1);
		row['order_seq'] = byOrder.get(order) ?? 0;
		row['source_seq'] = bySource.get(source) ?? 0;
	}
}

function chain(rows: Row[]): string[] {
	const last = new Map<string, string>();
	return rows.map((row) => {
		const order = String(row['order_id']);
		if (!('prev' in row)) row['prev'] = last.get(order) ?? null;
		const line = canonical(row);
		last.set(order, leafHash(line).toString('hex'));
		return line;
	});
}

function totalOf(rows: readonly Row[], column: string): number | string {
	if (column.endsWith('_minor')) return rows.reduce((sum, row) => sum + Number(row[column] ?? 0), 0);
	return decimal(rows.reduce((sum, row) => sum + (typeof row[column] === 'string' ? micro(row[column]) : 0n), 0n));
}

/** Numbers the sealed rows the way the source systems did; the feed needs them before the drop is sealed. */
export function numberSealed(tables: Tables, firstSeq: { readonly [source: string]: number }): void {
	for (const table of Object.keys(SEALED)) numberRows(table, tables[table] ?? [], firstSeq);
}

/** Seals the tables into the files of a drop. */
export function seal(tables: Tables, header: Header, key: KeyObject, tampering: Tampering = {}): Map<string, Uint8Array> {
	const files = new Map<string, Uint8Array>();
	const name = header.log.split('/')[0] ?? '';
	const signNote = (table: string, size: number, root: Buffer, by: KeyObject = key) =>
		signedNote(name, `${header.log}/${table}`, size, root, by);
	const declared: { [key: string]: unknown }[] = [];
	for (const [table, rows] of Object.entries(tables)) {
		tampering.rows?.(table, rows);
		const lines = table in SEALED ? chain(rows) : rows.map((row) => canonical(row));
		tampering.lines?.(table, lines);
		const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''), 'utf8');
		files.set(`data/${table}.ndjson`, bytes);
		const totals = Object.fromEntries((header.controlTotals[table] ?? []).map((column) => [column, totalOf(rows, column)]));
		declared.push({
			table,
			file: `data/${table}.ndjson`,
			sha256: sha256(bytes).toString('hex'),
			bytes: bytes.length,
			rows: lines.length,
			control_totals: totals,
			extracted_at: header.asOf,
			extracted_by: 'extrator/夜間',
			system: table.endsWith('_event') ? '基幹/OMS' : 'ERP Ação',
			query: `select * from ${table} -- tudo`,
		});
		if (table in SEALED) {
			const leaves = lines.map(leafHash);
			for (const size of new Set([1, Math.ceil(leaves.length / 3), leaves.length - 1, leaves.length]))
				files.set(`checkpoints/${table}/${size}.txt`, Buffer.from(signNote(table, size, treeHead(leaves.slice(0, size))), 'utf8'));
			const at = new Map(rows.map((row, index) => [String(row[SEALED[table]?.id ?? '']), index + 1]));
			const disclosed = (header.disclosures[table] ?? [])
				.filter(([event]) => at.has(event))
				.map(([event, disclosure]) => canonical({ line: at.get(event), disclosure }));
			if (disclosed.length > 0) files.set(`disclosures/${table}.ndjson`, Buffer.from(`${disclosed.join('\n')}\n`, 'utf8'));
		}
	}
	let documentBytes = 0;
	for (const [hash, bytes] of header.documents) {
		files.set(`documents/${hash}`, bytes);
		documentBytes += bytes.length;
	}
	const manifest = {
		format: 'tieout-drop/1',
		drop_id: header.dropId,
		company: header.company,
		entity_ids: [...header.entityIds],
		period_from: header.from,
		period_to: header.to,
		as_of: header.asOf,
		log: header.log,
		log_key: vkeyOf(name, key),
		previous_drop: null,
		tables: declared,
		documents: { count: header.documents.size, bytes: documentBytes },
	};
	tampering.manifest?.(manifest);
	files.set('manifest.json', Buffer.from(JSON.stringify(manifest, null, '\t'), 'utf8'));
	tampering.files?.(files, signNote);
	return files;
}
