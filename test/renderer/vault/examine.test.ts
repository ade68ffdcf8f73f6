/** Integrity, reconciliation and disputes as the window asks for them, over a sample in memory and a workbook that takes any act. */
import { beforeAll, describe, expect, it } from 'vitest';
import { formatVerifierKey } from '#evidence';
import type { Act, LoggedAct } from '#findings';
import { ok } from '#kernel';
import { importDrop, nodeIntakePorts } from '../../../electron/services/nodeIntake.ts';
import type { Answer, JobControl, LoadedEvidence, OpenEngagement } from '../../../renderer/vault/contract.ts';
import { disputesApi } from '../../../renderer/vault/disputesApi.ts';
import type { CoreContext, VaultEngagement } from '../../../renderer/vault/engagement.ts';
import { integrityApi } from '../../../renderer/vault/integrityApi.ts';
import { reconcileMemory } from '../../../renderer/vault/reconcileMemory.ts';
import { reconciliationApi } from '../../../renderer/vault/reconciliationApi.ts';
import { openSample } from '../../shared/explore/sampleDrop.ts';
import { memoryShelf } from './memoryShelf.ts';

const QUIET: JobControl = { signal: new AbortController().signal, progress: () => undefined };

const value = <T>(answer: Answer<T>): T => {
	if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
	return answer.value;
};

let context: CoreContext;
let acts: Act[];
let loaded: LoadedEvidence | null;

beforeAll(async () => {
	const sample = await openSample(13, 300, 'all');
	const drop = value((await importDrop(sample.source, { trustedKeys: [sample.key] })) as Answer<LoadedEvidence['drop'] & never>);
	acts = [];
	loaded = { importId: 'import-1', drop, source: sample.source, withLogs: () => Promise.resolve(ok(drop)) };
	const vkey = formatVerifierKey(sample.key);
	const workbook = {
		parameters: new Map(),
		settings: new Map(),
		judgements: new Map(),
		trustedKeys: new Map([[vkey, { vkey, origin: 'by telephone', stamp: { seq: 1, at: '', memberId: '' } }]]),
	} as unknown as ReturnType<OpenEngagement['workbook']>;
	const engagement = {
		workbook: () => workbook,
		evidence: () => loaded,
		results: () => null,
		reconciled: reconcileMemory(memoryShelf()),
		act: (...given: readonly Act[]) => {
			acts.push(...given);
			return Promise.resolve(ok([] as readonly LoggedAct[]));
		},
	} as unknown as VaultEngagement;
	let ids = 0;
	context = {
		open: () => ok(engagement),
		job: (_label, work) => work(QUIET),
		changed: () => undefined,
		now: () => 0,
		randomId: () => `id-${++ids}`,
	};
	return sample.close;
});

describe('integrity', () => {
	it('shows facts, proves an event and says what an attack comes to', async () => {
		const api = integrityApi(context, Promise.resolve(nodeIntakePorts));
		const view = value(await api.view());
		expect(view.sealed.map(({ table }) => table)).toEqual(['order_event', 'revenue_event']);
		expect(view.isUnderPresentKeys).toBe(true);
		const proof = value(await api.proof('order_event', { line: 5 }));
		expect(proof.line).toBe(5);
		expect(value(await api.proof('order_event', { row: 4 })).leaf).toBe(proof.leaf);
		expect((await api.proof('order_event', { line: 1e9 })).ok).toBe(false);
		expect((await api.proof('invoice', { line: 1 })).ok).toBe(false);
		const outcome = value(await api.runAttack('edit_value'));
		expect(outcome.outcome).toBe('caught');
		expect(value(api.outcomes())).toEqual([outcome]);
		expect(value(await api.runAllAttacks()).every(({ asExpected }) => asExpected)).toBe(true);
		expect(value(api.attacks()).length).toBe(value(api.outcomes()).length);
	});

	it('begins a finding on a line with its row linked', async () => {
		acts = [];
		value(await integrityApi(context, Promise.resolve(nodeIntakePorts)).createFinding('order_event', 5, 'It was changed.'));
		expect(acts.map(({ type }) => type)).toEqual(['finding.created', 'finding.edited', 'finding.edited', 'evidence.linked']);
	});
});

describe('reconciliation', () => {
	it('counts, pages and compares one and the same items', async () => {
		const api = reconciliationApi(context);
		const view = value(await api.summary());
		const breaks = view.classes.unmatched + view.classes.conflicting;
		const queue = value(await api.queue({}));
		expect(queue.count).toBe(breaks);
		const rows = value(await api.rows({}, 'amount', true, 0, 2000));
		expect(rows.length).toBe(breaks);
		for (const row of rows.slice(0, 20)) expect(value(await api.compare(row.item)).row.key).toBe(row.key);
		const [cell] = view.matrix.filter((one) => one.class === 'unmatched');
		if (!cell) throw new Error('a sample with anomalies has unmatched lines');
		expect(value(await api.queue({ stage: cell.stage, reason: cell.reason })).count).toBe(cell.count);
		expect((await api.compare(-1)).ok).toBe(false);
		expect((await api.rows({ classes: ['all'] } as never, 'amount', true, 0, 1)).ok).toBe(false);
	});

	it('says what changed since the import before, in another session too', async () => {
		const before = loaded;
		if (!before) throw new Error('evidence is loaded');
		expect(value(await reconciliationApi(context).summary()).delta).toBeNull();
		loaded = { ...before, importId: 'import-2' };
		const { delta } = value(await reconciliationApi(context).summary());
		expect(delta).toMatchObject({ sinceImportId: 'import-1', gone: 0, added: 0, moved: 0, isSameRule: true });
		loaded = before;
	});

	it('begins a finding with the exceptions and rows behind it, and takes a tolerance only as numbers', async () => {
		const api = reconciliationApi(context);
		const [row] = value(await api.rows({ reason: 'shipped_not_invoiced' }, 'amount', true, 0, 1));
		acts = [];
		value(await api.createFinding(row?.item ?? -1));
		expect(acts.some((act) => act.type === 'evidence.linked' && act.link.kind === 'exception')).toBe(true);
		expect(acts.some((act) => act.type === 'evidence.linked' && act.link.kind === 'row' && act.link.table === 'shipment')).toBe(true);
		expect((await api.setTolerance('0.5', '0.1', 'as agreed')).ok).toBe(false);
		expect((await api.setTolerance('50', '-1', 'as agreed')).ok).toBe(false);
		expect((await api.setTolerance('50', '0.1', 'as agreed')).ok).toBe(true);
	});
});

describe('disputes', () => {
	it('lists by view, opens dossiers, and begins findings', async () => {
		const api = disputesApi(context);
		const view = value(await api.view({ only: 'with_exceptions' }));
		const rows = value(await api.rows({ only: 'with_exceptions' }, 'age', true, 0, 100));
		expect(rows.length).toBe(view.count);
		expect(view.counts.with_exceptions).toBe(view.count);
		const [first] = rows;
		const dossier = value(await api.dossier(first?.disputeId ?? ''));
		expect(dossier.linked.length).toBe(dossier.exceptions.length);
		expect((await api.dossier('none')).ok).toBe(false);
		expect(value(await api.holds(0, 10)).length).toBeGreaterThan(0);
		acts = [];
		value(await api.createFinding(first?.disputeId ?? ''));
		expect(acts[0]).toMatchObject({ type: 'finding.created', title: `Dispute ${first?.disputeId} on ${first?.orderId}` });
	});
});

describe('without evidence', () => {
	it('every question is refused as such', async () => {
		const before = loaded;
		loaded = null;
		const refused = [
			await integrityApi(context, Promise.resolve(nodeIntakePorts)).view(),
			await reconciliationApi(context).summary(),
			await disputesApi(context).view({}),
		];
		loaded = before;
		expect(refused.map((answer) => (answer.ok ? '' : answer.error.code))).toEqual(['no_evidence', 'no_evidence', 'no_evidence']);
	});
});
