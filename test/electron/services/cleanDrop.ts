/** A small drop without a flaw, and its disclosures. */
import { addCheckpoints, canonical, type DropFiles, declare, fileOf, hexOf, numbers, type Row, sealLines, sha256 } from './dropWriter.ts';

const STEPS = [
	['order.booked', 'draft', 'booked', 'sales'],
	['order.released', 'booked', 'released', 'fulfilment'],
	['line.shipped', 'released', 'shipped', 'fulfilment'],
	['line.delivered', 'shipped', 'delivered', 'carrier'],
	['order.fulfilled', 'delivered', 'fulfilled', 'system'],
] as const;

const instant = (minute: number): string => new Date(Date.UTC(2026, 2, 1, 8, minute)).toISOString();

export interface Disclosed {
	readonly line: number;
	readonly salt: string;
	readonly name: string;
	readonly value: unknown;
}

export const encodeDisclosure = ({ salt, name, value }: Omit<Disclosed, 'line'>): string =>
	Buffer.from(canonical([salt, name, value])).toString('base64url');

export const digestOf = (disclosure: string): string => sha256(disclosure).toString('base64url');

/** Orders whose events interleave, at most five each; the actor of every booking is committed to and disclosed. */
function eventRows(orders: number, next: (bound: number) => number, disclosed: Disclosed[]): Row[] {
	const done = new Array<number>(orders).fill(0);
	const rows: Row[] = [];
	for (;;) {
		const open = done.flatMap((count, order) => (count < STEPS.length ? [order] : []));
		const order = open[next(Math.max(1, open.length))];
		if (order === undefined) return rows;
		const step = done[order] as number;
		done[order] = step + 1;
		const [type, from_state, to_state, actor_role] = STEPS[step] as (typeof STEPS)[number];
		const salt = sha256(`salt ${rows.length}`).subarray(0, 16).toString('base64url');
		const actor = { salt, name: 'actor_id', value: `u${order}` };
		if (step === 0) disclosed.push({ line: rows.length + 1, ...actor });
		rows.push({
			event_id: `EV-${rows.length + 1}`,
			order_id: `SO-${order + 1}`,
			order_seq: step + 1,
			line_id: 'L1',
			type,
			from_state,
			to_state,
			occurred_at: instant(rows.length),
			recorded_at: instant(rows.length + 1),
			...(step === 0 ? { sd: { actor_id: digestOf(encodeDisclosure(actor)) } } : { actor_id: `u${order}` }),
			actor_role,
			source_system: 'erp',
			source_seq: rows.length + 1,
			quantity: step === 2 ? `${order + 1}.5` : null,
			reason_code: step === 2 ? 'Überlänge' : null,
			schema_version: 1,
		});
	}
}

const revenueRows = (orders: number): Row[] =>
	Array.from({ length: orders * 2 }, (_, i) => ({
		revenue_id: `RV-${i + 1}`,
		order_id: `SO-${(i % orders) + 1}`,
		line_id: 'L1',
		kind: 'recognise',
		recognised_at: instant(i),
		posted_at: instant(i + 1),
		period: '2026-03',
		amount_minor: 1000 + i,
		currency: 'EUR',
		rule_id: 'R1',
		rule_version: 1,
		manual: false,
		fallback: false,
	}));

/** A clean drop: two sealed tables with checkpoints, plain tables with control totals, documents, disclosures. */
export function cleanDrop(seed = 1, orders = 9): DropFiles {
	const next = numbers(seed);
	const files: DropFiles = new Map();
	const put = (table: string, rows: readonly Row[]): void => void files.set(`data/${table}.ndjson`, fileOf(rows.map(canonical)));
	const disclosed: Disclosed[] = [];
	files.set('data/order_event.ndjson', fileOf(sealLines(eventRows(orders, next, disclosed))));
	files.set('data/revenue_event.ndjson', fileOf(sealLines(revenueRows(orders))));
	const documents = Array.from({ length: orders }, (_, i) => Buffer.from(`delivery note ${seed}-${i}\n${'signed '.repeat(next(5) + 1)}`));
	for (const document of documents) files.set(`documents/${hexOf(document)}`, document);
	put(
		'document',
		documents.map((bytes, i) => ({
			document_id: `DOC-${i + 1}`,
			kind: 'pod',
			sha256: hexOf(bytes),
			media_type: 'text/plain',
			file_name: `pod-${i + 1}.txt`,
			bytes: bytes.length,
			order_id: `SO-${i + 1}`,
			created_at: instant(i),
		})),
	);
	put(
		'payment',
		Array.from({ length: orders }, (_, i) => ({
			payment_id: `PAY-${i + 1}`,
			invoice_id: `INV-${i + 1}`,
			received_at: instant(i),
			amount_minor: 100 + next(900),
			currency: 'EUR',
		})),
	);
	put(
		'shipment',
		Array.from({ length: orders }, (_, i) => ({
			shipment_id: `SH-${i + 1}`,
			order_id: `SO-${i + 1}`,
			line_id: 'L1',
			quantity: `${i + 1}.5`,
			carrier: 'DHL',
			tracking_no: `T${i}`,
			shipped_at: instant(i),
		})),
	);
	putDisclosures(files, disclosed);
	addCheckpoints(files, 'order_event');
	addCheckpoints(files, 'revenue_event');
	declare(files);
	return files;
}

export function putDisclosures(files: DropFiles, disclosed: readonly Disclosed[]): void {
	files.set(
		'disclosures/order_event.ndjson',
		fileOf(disclosed.map((one) => canonical({ line: one.line, disclosure: encodeDisclosure(one) }))),
	);
}

export function disclosedIn(files: DropFiles): Disclosed[] {
	return (files.get('disclosures/order_event.ndjson')?.toString() ?? '')
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => {
			const { line: number, disclosure } = JSON.parse(line) as { line: number; disclosure: string };
			const [salt, name, value] = JSON.parse(Buffer.from(disclosure, 'base64url').toString()) as [string, string, unknown];
			return { line: number, salt, name, value };
		});
}
