/** The verification of a sealed table, from bytes to verdict, against a bare SHA-256 loop of Node's own over the same lines. */
import { createHash, hash } from 'node:crypto';
import { canonicalize, invariant, utf8 } from '#kernel';
import { openSealedLog } from '../../shared/evidence/logKernel.ts';
import { inMs, type Measure, median, type Print, sizeFrom } from './measure.ts';

const LINES = sizeFrom('TIEOUT_BENCH_LINES', 1_000_000);
/** Orders under way at once: their events take turns in the log. */
const OPEN_ORDERS = 20_000;
const ROUNDS = 5;
const CHUNK_BYTES = 2 ** 20;
const GOAL = 1.6;

/** An order's life has 3 to 7 of these events, 5 on average. */
const STEPS = [
	['order.booked', 'draft', 'booked', 'sales', 'erp'],
	['order.released', 'booked', 'released', 'credit', 'erp'],
	['order.picking', 'released', 'picking', 'fulfilment', 'wms'],
	['line.shipped', 'picking', 'partially_shipped', 'fulfilment', 'wms'],
	['line.shipped', 'partially_shipped', 'shipped', 'fulfilment', 'wms'],
	['line.delivered', 'shipped', 'delivered', 'carrier', 'carrier-hub'],
	['line.accepted', 'delivered', 'accepted', 'sales', 'portal'],
] as const;

/** The columns of `order_event`. Where nulls are left out, an absent key says the same. */
function eventRecord(i: number, order: number, step: number, prev: string | null, withNulls: boolean): object {
	const [type, from, to, role, system] = STEPS[step] ?? STEPS[0];
	const at = Date.UTC(2026, 0, 1) + i * 31_000;
	const isDelivery = step === 5;
	const record = {
		actor_id: `u${(order * 31) % 400}`,
		actor_role: role,
		corrects_event_id: null,
		document_id: isDelivery ? `POD-${order}` : null,
		event_id: `EV-${i}`,
		from_state: from,
		line_id: step >= 3 ? `${1 + (order % 4)}` : null,
		occurred_at: new Date(at).toISOString(),
		order_id: `SO-${10_000_000 + order}`,
		order_seq: step + 1,
		prev,
		quantity: step >= 3 ? `${1 + (order % 90)}` : null,
		reason_code: null,
		recorded_at: new Date(at + 1_000 + ((i * 7_919) % 90_000)).toISOString(),
		schema_version: 1,
		source_seq: i,
		source_system: system,
		span_id: null,
		to_state: to,
		trace_id: null,
		type,
	};
	return withNulls ? record : Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
}

interface LogBytes {
	readonly bytes: Buffer;
	/** Where each line begins; the last entry is one past the last line feed. */
	readonly starts: Uint32Array;
}

function makeLog(withNulls: boolean): LogBytes {
	const bytes = Buffer.alloc(LINES * (withNulls ? 620 : 440));
	const starts = new Uint32Array(LINES + 1);
	const open = Array.from({ length: OPEN_ORDERS }, (_, place) => ({ order: place, step: 0, prev: null as string | null }));
	let orders = OPEN_ORDERS;
	let length = 0;
	for (let i = 0, dice = 1; i < LINES; i++) {
		dice = (dice * 48_271) % 0x7fff_ffff;
		const life = open[dice % OPEN_ORDERS];
		invariant(life, 'a place among the open orders');
		const line = utf8(canonicalize(eventRecord(i, life.order, life.step, life.prev, withNulls)));
		starts[i] = length;
		bytes.set(line, length);
		length += line.length;
		bytes[length++] = 0x0a;
		life.prev = createHash('sha256').update(new Uint8Array(1)).update(line).digest('hex');
		if (++life.step > 2 + (life.order % 5)) Object.assign(life, { order: orders++, step: 0, prev: null });
	}
	starts[LINES] = length;
	return { bytes: bytes.subarray(0, length), starts };
}

/** Hashes line after line; the sum keeps the work from being optimised away. */
function hashLines({ bytes, starts }: LogBytes, hashLine: (line: Buffer) => { readonly length: number }): void {
	let sum = 0;
	for (let i = 0; i < LINES; i++) sum += hashLine(bytes.subarray(starts[i], (starts[i + 1] as number) - 1)).length;
	invariant(sum >= LINES * 32, 'every line was hashed');
}

function verify({ bytes }: LogBytes): void {
	const log = openSealedLog({ hasOrderSeq: true });
	for (let at = 0; at < bytes.length; at += CHUNK_BYTES) log.push(bytes.subarray(at, at + CHUNK_BYTES));
	const report = log.finish();
	invariant(report.rootOf(LINES).length === 32, 'a root');
	invariant(report.faultCount === 0 && report.lines === LINES && report.canonicalLines === LINES, 'the log is sound');
}

/** CPU milliseconds, of all threads. */
function cpuOf(work: () => void): number {
	const before = process.cpuUsage();
	work();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1_000;
}

async function benchLog(print: Print, title: string, log: LogBytes): Promise<Measure> {
	const contenders: readonly (readonly [string, () => void])[] = [
		["crypto.hash('sha256', line, 'hex')", () => hashLines(log, (line) => hash('sha256', line, 'hex'))],
		["crypto.hash('sha256', line, 'buffer')", () => hashLines(log, (line) => hash('sha256', line, 'buffer'))],
		["createHash('sha256').update(line).digest()", () => hashLines(log, (line) => createHash('sha256').update(line).digest())],
		['whole verification', () => verify(log)],
	];
	const times = contenders.map((): number[] => []);
	for (let round = 0; round < ROUNDS; round++) {
		for (const [i, [, work]] of contenders.entries()) {
			// A breath between, so that the garbage of one is not swept on the account of the next.
			await new Promise((resolve) => setTimeout(resolve, 20));
			times[i]?.push(cpuOf(work));
		}
	}
	const medians = times.map(median);
	const ours = medians.at(-1) ?? Number.NaN;
	print(
		`verification of ${LINES.toLocaleString('en')} order events, ${title}, ${Math.round(log.bytes.length / LINES)} bytes a line; CPU, median of ${ROUNDS}:`,
	);
	for (const [i, [name]] of contenders.entries()) {
		const time = medians[i] ?? Number.NaN;
		const rate = (log.bytes.length / time / 1e3).toFixed(0);
		print(
			`  ${name.padEnd(44)} ${time.toFixed(0).padStart(6)} ms  ${rate.padStart(5)} MB/s   verification is ${(ours / time).toFixed(2)} × this`,
		);
	}
	const fastest = Math.min(...medians.slice(0, -1));
	return {
		what: `verification of ${LINES.toLocaleString('en')} events, ${title}, CPU against the fastest bare loop`,
		measured: `${inMs(ours)} : ${inMs(fastest)}`,
		ratio: ours / fastest,
		goal: `≤ ${GOAL} ×`,
		isMet: ours / fastest <= GOAL,
	};
}

/**
 * Whole verification (canonical form, order chains, sequence, leaf hashes, tree, root) of a million order events in memory,
 * in turns with bare loops that only hash each line. The goal is 1.6 times the fastest of them, which is `crypto.hash` to hex.
 */
export async function benchVerify(print: Print): Promise<readonly Measure[]> {
	return [await benchLog(print, 'null columns left out', makeLog(false)), await benchLog(print, 'all columns of the table', makeLog(true))];
}
