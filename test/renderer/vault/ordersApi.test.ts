/** Orders as the window asks for them, over a sample in memory and a workbook that takes any act. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { AuditResult } from '#audit';
import { formatVerifierKey } from '#evidence';
import { NO_FILTER, type OrderFilter } from '#explore';
import type { Act, LoggedAct, Role } from '#findings';
import { ok, sha256HexOfText } from '#kernel';
import { importDrop } from '../../../electron/services/nodeIntake.ts';
import type { Answer, JobControl, LoadedEvidence, OpenEngagement, VaultContext } from '../../../renderer/vault/contract.ts';
import { exportGate } from '../../../renderer/vault/exportGate.ts';
import { exportsApi } from '../../../renderer/vault/exportsApi.ts';
import { ordersApi } from '../../../renderer/vault/ordersApi.ts';
import { openSample } from '../../shared/explore/sampleDrop.ts';

const QUIET: JobControl = { signal: new AbortController().signal, progress: () => undefined };

const value = <T>(answer: Answer<T>): T => {
	if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
	return answer.value;
};

let acts: Act[] = [];
let loaded: LoadedEvidence | null = null;
let results: AuditResult | null = null;
let isLocked = false;
let role: Role = 'preparer';
let orders: ReturnType<typeof ordersApi>;
let exported: ReturnType<typeof exportsApi>;

beforeAll(async () => {
	const sample = await openSample(13, 300, 'all');
	const drop = value((await importDrop(sample.source, { trustedKeys: [sample.key] })) as Answer<LoadedEvidence['drop'] & never>);
	loaded = { importId: 'import-1', drop, source: sample.source, withLogs: () => Promise.resolve(ok(drop)) };
	const views = new Map<string, unknown>();
	const trustedKeys = new Map([[formatVerifierKey(sample.key), {}]]);
	const engagement = {
		workbook: () => ({ parameters: new Map(), judgements: new Map(), trustedKeys, views }),
		member: () => ({ role }),
		exports: exportGate(),
		evidence: () => loaded,
		results: () => results,
		act: (...given: readonly Act[]) => {
			acts.push(...given);
			for (const act of given) {
				if (act.type === 'view.saved') views.set(act.viewId, { ...act, stamp: { seq: 1, at: '', memberId: '' } });
				if (act.type === 'view.deleted') views.delete(act.viewId);
			}
			return Promise.resolve(ok([] as readonly LoggedAct[]));
		},
	} as unknown as OpenEngagement;
	let ids = 0;
	const context: VaultContext = {
		open: () => (isLocked ? { ok: false, error: { code: 'locked', message: 'The vault is locked.' } } : ok(engagement)),
		job: (_label, work) => work(QUIET),
		changed: () => undefined,
		now: () => 0,
		randomId: () => `id-${++ids}`,
	};
	orders = ordersApi(context);
	exported = exportsApi(context);
});

const filterOf = (...chips: OrderFilter['chips']): OrderFilter => ({ chips, text: '' });
const firstOrder = (): string => value(orders.rows(value(orders.table(NO_FILTER)).viewId, 0, 1))[0]?.orderId ?? '';

describe('lists', () => {
	it('say how many of how many, page by page, to the last row', () => {
		const view = value(orders.table(NO_FILTER, [{ column: 'total', direction: 'desc' }]));
		expect(view.count).toBe(view.of);
		expect(view.totals.count).toBe(view.count);
		expect(value(orders.rows(view.viewId, view.count - 1, view.count + 50))).toHaveLength(1);
		const shipped = value(orders.table(filterOf({ column: 'state', op: 'is', values: ['closed'] })));
		expect(shipped.count).toBeLessThan(view.count);
		expect(shipped.query).toBe('State is closed');
	});

	it('the same question is the same view; a view is made anew when results arrive', () => {
		const before = value(orders.table(NO_FILTER));
		expect(value(orders.table(NO_FILTER)).viewId).toBe(before.viewId);
		expect(value(orders.rows(before.viewId, 0, 1))[0]?.exceptions).toBeNull();
		results = {
			tests: [
				{ test: 'T58', exceptions: [{ order_id: firstOrder(), keys: {}, rows: [], reason: '', amount_minor: null, currency: null }] },
			],
		} as never;
		const after = value(orders.table(NO_FILTER));
		expect(after).toMatchObject({ hasResults: true });
		expect(after.viewId).not.toBe(before.viewId);
		expect(value(orders.rows(after.viewId, 0, 1))[0]?.exceptions).toBe(1);
		results = null;
	});

	it('refuse at the wall what is no filter, sort, column or selection', () => {
		const bad = { chips: [{ column: 'password', op: 'is', values: ['x'] }], text: '' } as unknown as OrderFilter;
		expect(orders.table(bad)).toMatchObject({ ok: false, error: { code: 'invalid' } });
		expect(orders.table(filterOf({ column: 'total', op: 'at_least', values: ['much'] }))).toMatchObject({
			ok: false,
			error: { code: 'invalid' },
		});
		const { viewId } = value(orders.table(NO_FILTER));
		expect(orders.selection(viewId, { kind: 'everything' })).toMatchObject({ ok: false });
		expect(orders.facets(viewId, ['nothing' as never])).toMatchObject({ ok: false });
		expect(orders.rows('v999', 0, 1)).toMatchObject({ ok: false, error: { code: 'not_found' } });
	});

	it('say that there is no evidence, and that the vault is locked', () => {
		const held = loaded;
		loaded = null;
		expect(orders.table(NO_FILTER)).toMatchObject({ ok: false, error: { code: 'no_evidence' } });
		loaded = held;
		isLocked = true;
		expect(orders.table(NO_FILTER)).toMatchObject({ ok: false, error: { code: 'locked' } });
		isLocked = false;
	});

	it('facets, map, variants and statistics speak of the same orders', () => {
		const view = value(orders.table(NO_FILTER));
		const [state] = value(orders.facets(view.viewId, ['state']));
		expect(state?.total).toBe(view.count);
		const map = value(orders.map(view.viewId, null));
		expect(map.ended + map.open + map.withoutPath).toBe(view.count);
		const variants = value(orders.variants(view.viewId, 5));
		expect(variants.variants.reduce((sum, one) => sum + one.orders, 0) + variants.rest.orders).toBe(view.count);
		const first = variants.variants[0];
		const kept = value(orders.table(filterOf({ column: 'path', op: 'variant', values: [first?.text ?? ''] })));
		expect(kept.count).toBe(first?.orders);
		expect(value(orders.statistics(view.viewId)).count).toBe(view.count);
		expect(value(orders.map(view.viewId, 1)).orders).toBe(first?.orders);
	});
});

describe('one order', () => {
	it('its timeline names each event’s leaf hash as recomputed from the stored line', async () => {
		const orderId = firstOrder();
		const file = value(await orders.dossier(orderId));
		const lines = value(await orders.rawLines(orderId)).filter(({ table }) => table === 'order_event');
		expect(file.timeline.events.length).toBeGreaterThan(0);
		expect(file.timeline.events.map(({ leafHash }) => leafHash)).toEqual(lines.map(({ leaf }) => leaf));
		expect(lines.every(({ isLinked }) => isLinked)).toBe(true);
		expect(lines[1]?.prev).toBe(lines[0]?.leaf);
		expect(lines[0]?.sha256).toBe(sha256HexOfText(lines[0]?.text ?? ''));
	});

	it('an altered order shows where its chain no longer fits', async () => {
		const altered = value(orders.table(filterOf({ column: 'chain', op: 'is', values: ['altered'] })));
		expect(altered.count).toBeGreaterThan(0);
		const [row] = value(orders.rows(altered.viewId, 0, 1));
		const file = value(await orders.dossier(row?.orderId ?? ''));
		expect(file.timeline.events.some(({ hashStatus }) => hashStatus === 'link_broken')).toBe(true);
	});

	it('an order nobody knows is refused, not shown empty', async () => {
		expect(await orders.dossier('SO-nobody')).toMatchObject({ ok: false, error: { code: 'not_found' } });
	});

	it('documents come with whether their bytes have their hash', async () => {
		const document = loaded?.drop.population.table('document').text('sha256', 0) ?? '';
		expect(value(await orders.document(document))).toMatchObject({ isUnaltered: true });
		expect(await orders.document('../manifest.json')).toMatchObject({ ok: false, error: { code: 'not_found' } });
	});

	it('a finding begins with the stored line of the event as evidence', async () => {
		acts = [];
		const orderId = firstOrder();
		const file = value(await orders.dossier(orderId));
		const event = file.timeline.events[1];
		value(await orders.beginFinding(orderId, event?.eventId ?? null));
		expect(acts.map(({ type }) => type)).toEqual(['finding.created', 'finding.edited', 'evidence.linked']);
		const line = value(await orders.rawLines(orderId)).find(({ key }) => key === event?.eventId);
		expect(acts.at(-1)).toMatchObject({ link: { kind: 'row', table: 'order_event', key: event?.eventId, sha256: line?.sha256 } });
	});
});

describe('what leaves the vault', () => {
	it('a CSV says filter, as-of, rows and the hash of its lines, and is recorded when it is written: once, and not before', async () => {
		acts = [];
		const view = value(orders.table(filterOf({ column: 'state', op: 'is', values: ['closed'] })));
		const file = value(await orders.exportCsv(view.viewId, ['order_id', 'customer', 'total'], { kind: 'all' }));
		const text = new TextDecoder().decode(file.bytes).replace(/^\uFEFF/, '');
		const [first, , third, ...lines] = text.split('\r\n');
		expect(first).toBe('# Orders: State is closed');
		expect(third).toContain(`${view.count} of ${view.of}`);
		expect(third).toContain(file.sha256);
		expect(lines[0]).toBe('Order,Customer,Amount,Currency');
		expect(lines).toHaveLength(view.count + 2);
		expect(sha256HexOfText(lines.join('\r\n'))).toBe(file.sha256);
		expect(acts).toEqual([]);
		value(await exported.written(file.exportId, 'f'.repeat(64)));
		expect(acts).toMatchObject([
			{ type: 'evidence.exported', what: 'Order list as CSV: State is closed', rows: view.count, sha256: file.sha256 },
		]);
		expect(await exported.written(file.exportId, file.sha256)).toMatchObject({ error: { code: 'not_found' } });
		expect(acts).toHaveLength(1);
	});

	it('a selection is copied with its heads, and recorded as what it was', async () => {
		acts = [];
		const view = value(orders.table(NO_FILTER));
		const [one] = value(orders.rows(view.viewId, 0, 1));
		const copied = value(orders.copyTsv(view.viewId, ['order_id', 'state'], { kind: 'list', orderIds: [one?.orderId ?? ''] }));
		expect(copied).toMatchObject({ text: `Order\tState\r\n${one?.orderId}\t${one?.state}`, rows: 1 });
		value(await exported.written(copied.exportId, copied.sha256));
		expect(acts).toMatchObject([
			{ type: 'evidence.exported', what: expect.stringContaining('to the clipboard'), rows: 1, sha256: copied.sha256 },
		]);
	});

	it('nothing does for a member who only reads', async () => {
		acts = [];
		const view = value(orders.table(NO_FILTER));
		role = 'readonly';
		const refused = { error: { code: 'not_allowed' } };
		expect(await orders.exportCsv(view.viewId, ['order_id'], { kind: 'all' })).toMatchObject(refused);
		expect(orders.copyTsv(view.viewId, ['order_id'], { kind: 'all' })).toMatchObject(refused);
		expect(await exported.begin('Exceptions as CSV', 3)).toMatchObject(refused);
		role = 'preparer';
		expect(acts).toEqual([]);
	});

	it('a list that the window gathered is recorded with the hash of its file', async () => {
		acts = [];
		const exportId = value(await exported.begin('x'.repeat(500), 3));
		value(await exported.written(exportId, 'e'.repeat(64)));
		expect(acts).toEqual([{ type: 'evidence.exported', what: 'x'.repeat(300), rows: 3, sha256: 'e'.repeat(64) }]);
	});
});
