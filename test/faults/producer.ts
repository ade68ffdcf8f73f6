/** The company's systems: batches that are sent until they are acknowledged, each under one key, some ahead of their turn, some twice. */
import { createHash } from 'node:crypto';
import type { HubQuestion, HubReply } from '#ipc';
import { customerRow, orderEvent, orderRow, revenueEvent } from '../electron/hub/intake/records.ts';
import type { Ask, Weather } from './weather.ts';

interface Document {
	readonly sha256: string;
	readonly body: Uint8Array;
	isAcknowledged: boolean;
}

interface Batch {
	readonly key: string;
	readonly body: Uint8Array;
	readonly lines: number;
	/** Ids of its events. */
	readonly events: readonly string[];
	isAcknowledged: boolean;
}

export interface Producer {
	/** Makes a batch and sends it once, without waiting for anything. */
	send(): void;
	/** Waits for what is under way, then sends what is not acknowledged, until all is. */
	finish(): Promise<void>;
	/** Waits for what is under way. */
	settle(): Promise<void>;
	readonly batches: readonly Batch[];
	/** Names of customers as they must stand in the end. */
	readonly customers: ReadonlyMap<string, string>;
}

const ORDERS = 3;
const TRIES = 20;

export function producer(address: Pick<HubQuestion, 'url' | 'bearer'>, weather: Weather, ask: Ask, random: () => number): Producer {
	const below = (end: number): number => Math.floor(random() * end);
	const batches: Batch[] = [];
	const documents: Document[] = [];
	const customers = new Map<string, string>();
	const nextSeq = new Map<string, number>();
	const underWay = new Set<Promise<void>>();
	const make = (): Batch => {
		const number = batches.length + 1;
		const lines: { readonly table: string; readonly record: object }[] = [];
		const events: string[] = [];
		const order = `SO-${below(ORDERS)}`;
		if (!nextSeq.has(order)) lines.push(orderRow(order));
		for (let count = 1 + below(3); count > 0; count--) {
			const seq = (nextSeq.get(order) ?? 0) + 1;
			nextSeq.set(order, seq);
			events.push(`${order}-ev${seq}`);
			lines.push(orderEvent(order, seq, { source_seq: seq }));
		}
		if (random() < 0.4) {
			events.push(`R-${number}`);
			lines.push(revenueEvent(`R-${number}`, order));
		}
		// Each its own row: of two batches under way at once, either may be the last.
		const name = `Customer of batch ${number}`;
		customers.set(`C-${number}`, name);
		lines.push(customerRow(`C-${number}`, { name }));
		const rest = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
		const sha256 = createHash('sha256').update(rest).digest('hex');
		const declared = { source_system: 'erp', batch_no: number, rows: lines.length, sha256 };
		const body = new Uint8Array(Buffer.from(`${JSON.stringify({ batch: declared })}\n${rest}`));
		return { key: `batch ${number}`, body, lines: lines.length, events, isAcknowledged: false };
	};
	const attempt = async (batch: Batch): Promise<void> => {
		const headers = { 'content-type': 'application/x-ndjson', 'idempotency-key': batch.key };
		const question: HubQuestion = {
			...address,
			caPem: null,
			method: 'POST',
			path: '/v1/ingest',
			headers,
			body: new Uint8Array(batch.body),
		};
		if (isTaken(await weather.pass(question, ask), batch)) batch.isAcknowledged = true;
	};
	const attemptDocument = async (document: Document): Promise<void> => {
		const path = `/v1/documents/${document.sha256}`;
		const headers = { 'content-type': 'application/octet-stream' };
		const question: HubQuestion = { ...address, caPem: null, method: 'PUT', path, headers, body: new Uint8Array(document.body) };
		const reply = await weather.pass(question, ask);
		if (reply.kind === 'response' && reply.status >= 200 && reply.status < 300) document.isAcknowledged = true;
	};
	const begin = (attempt: Promise<void>): void => {
		const going = attempt.finally(() => underWay.delete(going));
		underWay.add(going);
	};
	const start = (batch: Batch): void => begin(attempt(batch));
	const settle = async (): Promise<void> => {
		while (underWay.size > 0) await Promise.all(underWay);
	};
	return {
		batches,
		customers,
		settle,
		send() {
			const made = make();
			batches.push(made);
			start(made);
			if (random() < 0.3) {
				const body = new Uint8Array(Buffer.from(`note of ${made.key} of ${address.bearer.slice(-8)}`));
				const document = { sha256: createHash('sha256').update(body).digest('hex'), body, isAcknowledged: false };
				documents.push(document);
				begin(attemptDocument(document));
			}
			const waiting = batches.filter(({ isAcknowledged }) => !isAcknowledged);
			const again = waiting[below(waiting.length * 2)];
			if (again && again !== made) start(again);
		},
		async finish() {
			await settle();
			const until = async (one: { readonly isAcknowledged: boolean }, attempted: () => Promise<void>): Promise<void> => {
				for (let tries = 0; !one.isAcknowledged; tries++) {
					if (tries > TRIES) throw new Error('what was sent is never acknowledged');
					await attempted();
				}
			};
			for (const document of documents) await until(document, () => attemptDocument(document));
			for (const batch of batches) await until(batch, () => attempt(batch));
		},
	};
}

/** An answer that says what became of every line. */
function isTaken(reply: HubReply, { lines }: Batch): boolean {
	if (reply.kind === 'failure' || reply.status !== 200) return false;
	try {
		const { accepted, duplicates, waiting, dead } = JSON.parse(Buffer.from(reply.bytes).toString('utf8'));
		return accepted + duplicates + waiting === lines && dead.length === 0;
	} catch {
		return false;
	}
}
