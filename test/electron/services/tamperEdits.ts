/** Ways to alter a drop: its lines, its chain, its checkpoints. */
import type { LogHead } from '#evidence';
import { cleanDrop } from './cleanDrop.ts';
import { type DropFiles, LOG, LOG_SIGNER, linesOf, putLines, type Row, rootOf, sealLines, signer } from './dropWriter.ts';

export const EVENTS = 'order_event';
export const REVENUE = 'revenue_event';
const clean = cleanDrop(1);
export const CLEAN_EVENTS = linesOf(clean, EVENTS);
export const orderOf = (line: string): unknown => (JSON.parse(line) as Row)['order_id'];

const next = (line: number): number =>
	CLEAN_EVENTS.findIndex((text, i) => i >= line && orderOf(text) === orderOf(CLEAN_EVENTS[line - 1] as string)) + 1;

/** A line in the middle that has a predecessor and a successor in its order, and the successor. */
export const X = CLEAN_EVENTS.findIndex((text, i) => i >= 12 && (JSON.parse(text) as Row)['order_seq'] === 3 && next(i + 1) > 0) + 1;

export const X_NEXT = next(X);
export const N = CLEAN_EVENTS.length;
export const other = signer('evil.example/o2c', 'another key');
export const sameNameOtherKey = signer(LOG, 'another key under the same name');
export const witness = signer('witness.example/w1', 'a witness');

export const edit = (files: DropFiles, line: number, change: (text: string) => string | Buffer, table = EVENTS): void => {
	const lines: (string | Buffer)[] = linesOf(files, table);
	lines[line - 1] = change(lines[line - 1] as string);
	putLines(files, table, lines);
};

const recordsOf = (files: DropFiles, table = EVENTS): Row[] => linesOf(files, table).map((line) => JSON.parse(line) as Row);

/** Rewrites records and chains them anew, as somebody does who knows how the table is made. */
export const rechain = (files: DropFiles, change: (rows: Row[]) => Row[], table = EVENTS): void =>
	putLines(files, table, sealLines(change(recordsOf(files, table)).map(({ prev: _, ...row }) => row)));

export const swap = <T>(items: T[], a: number, b: number): T[] => {
	[items[a], items[b]] = [items[b] as T, items[a] as T];
	return items;
};

export const checkpointPath = (size: number): string => `checkpoints/${EVENTS}/${size}.txt`;

export const editCheckpoint = (files: DropFiles, size: number, change: (text: string) => string): void => {
	const path = checkpointPath(size);
	files.set(path, Buffer.from(change(files.get(path)?.toString() ?? '')));
};

export const headAt = (size: number, lines = CLEAN_EVENTS): LogHead => ({
	origin: `${LOG}/${EVENTS}`,
	size,
	root: rootOf(lines.slice(0, size)).toString('base64'),
	key: `${LOG_SIGNER.name}+${LOG_SIGNER.keyId.toString('hex')}`,
});

export const cut = (files: DropFiles, to: number): void => putLines(files, EVENTS, linesOf(files, EVENTS).slice(0, to));

export const splice = (files: DropFiles, at: number, remove: number, ...insert: (string | Buffer)[]): void => {
	const lines: (string | Buffer)[] = linesOf(files, EVENTS);
	lines.splice(at - 1, remove, ...insert);
	putLines(files, EVENTS, lines);
};

export const flip = (text: string): string => text.replace('"source_system":"erp"', '"source_system":"erq"');

export const forgedOrder = sealLines(
	[1, 2].map((order_seq) => ({
		...(JSON.parse(CLEAN_EVENTS[0] as string) as Row),
		event_id: `FORGED-${order_seq}`,
		order_id: 'SO-99',
		order_seq,
	})),
);

/** Two lines next to each other, of different orders, that neither order's chain holds together. */
export const SWAP =
	CLEAN_EVENTS.findIndex((text, i) => i >= 16 && i + 1 < N && orderOf(text) !== orderOf(CLEAN_EVENTS[i + 1] as string)) + 1;

const lastOfOrder = (line: number): boolean => next(line) === 0;
const TAILS = CLEAN_EVENTS.flatMap((_, i) => (lastOfOrder(i + 1) ? [i + 1] : []));

/** An order's last event that is the only such line between two checkpoints. */
export const LONE_TAIL = TAILS.find((line) => TAILS.filter((tail) => Math.ceil(tail / 8) === Math.ceil(line / 8)).length === 1) as number;
