/** Packs out of an open engagement: what blocks them, that the previewed bytes are those signed, that written findings are in them. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentSha256, exceptionKey } from '#findings';
import { checkPackEvidence, FACES, type FaceId, FINDINGS_NAME, inspectPack } from '#pack';
import { nodeVerifyPorts } from '../../../electron/services/checkPorts.ts';
import { openDrop } from '../../../electron/services/openDrop.ts';
import { packFonts } from '../../../electron/services/packFonts.ts';
import { makeSelfSigned } from '../../../electron/services/selfSigned.ts';
import { signPack } from '../../../electron/services/signPack.ts';
import { writeSample } from '../../../electron/services/writeSample.ts';
import type { Answer } from '../../../renderer/vault/contract.ts';
import { runImport, trustKeys } from '../../../renderer/vault/importJob.ts';
import type { FontPort } from '../../../renderer/vault/packFonts.ts';
import { type PackRequest, packsApi } from '../../../renderer/vault/packsApi.ts';
import { workerIntakePorts } from '../../../renderer/vault/portIntake.ts';
import { proceduresApi } from '../../../renderer/vault/proceduresApi.ts';
import { createOpen, openTestVault } from './testVault.ts';

const fonts = packFonts();
const asked: string[] = [];
const fontPort: FontPort = {
	read(file) {
		asked.push(file);
		const hashes = Object.fromEntries(FACES.map((face) => [face, createHash('sha256').update(fonts[face]).digest('hex')]));
		return Promise.resolve(
			file === 'fonts.json' ? new TextEncoder().encode(JSON.stringify(hashes)) : new Uint8Array(fonts[file.replace('.ttf', '') as FaceId]),
		);
	},
};

function must<T>(answer: Answer<T>): T {
	if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
	return answer.value;
}

let folder = '';
let vkey = '';
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'tieout-packs-'));
	const written = await writeSample(join(folder, 'drop'), { orders: 8, seed: 4, anomalies: 'all' }, () => undefined);
	if (!written.ok) throw new Error('the sample can’t be written');
	vkey = written.value.vkey;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const NOW = Date.UTC(2026, 10, 29);
const SIGNER = makeSelfSigned({ commonName: 'Ada Okafor', kind: 'p-256', serial: new Uint8Array(16).fill(7), now: NOW, days: 30 });

const NO_JOB = { signal: new AbortController().signal, progress: () => undefined };
const REQUEST: PackRequest = { findingIds: [], redact: [], preparedBy: null, version: '0.0.0' };

const RECORD = {
	packId: 'TP-1',
	sha256: 'a'.repeat(64),
	fileName: 'TP-1.pdf',
	pages: 3,
	findingIds: [],
	signer: 'CN=Ada',
	signerIsSelfMade: false,
};

async function openWithDrop() {
	const vault = await openTestVault();
	await createOpen(vault);
	const ports = workerIntakePorts();
	const engagement = vault.inside();
	const packs = packsApi(vault.context, ports, fontPort);
	const procedures = proceduresApi(vault.context, ports);
	return { vault, engagement, ports, packs, procedures };
}

type Opened = Awaited<ReturnType<typeof openWithDrop>>;

async function importSample({ engagement, ports, vault }: Opened): Promise<void> {
	const source = await openDrop(join(folder, 'drop'));
	if (!source.ok) throw new Error(source.error.message);
	must(await trustKeys(engagement, [{ vkey, origin: 'letter of the log operator' }]));
	must(await runImport(engagement, source.value, vault.context.randomId(), await ports, NO_JOB));
}

/** A finding with evidence of every kind, signed as prepared. */
async function addFinding({ engagement }: Opened): Promise<string> {
	const results = engagement.results();
	const loaded = engagement.evidence();
	const test = results?.tests.find(({ exceptions }) => exceptions.some(({ rows }) => rows.length > 0));
	const exception = test?.exceptions.find(({ rows }) => rows.length > 0);
	const row = exception?.rows[0];
	if (!test || !exception || !row || !loaded) throw new Error('the drop breaks a rule');
	const findingId = 'f'.repeat(32);
	const edit = (field: 'condition' | 'criteria' | 'effect', value: string) =>
		({ type: 'finding.edited', findingId, field, value }) as const;
	must(
		await engagement.act(
			{ type: 'finding.created', findingId, title: 'Events are recorded late', severity: 'high' },
			edit('condition', 'Three of nine orders.\nEach of them twice.'),
			edit('criteria', 'The contract, clause 7'),
			edit('effect', 'None yet'),
			{
				type: 'evidence.linked',
				findingId,
				linkId: '1'.repeat(32),
				link: { kind: 'row', table: row.table, key: row.key, sha256: row.sha256, label: 'the late event' },
			},
			{
				type: 'evidence.linked',
				findingId,
				linkId: '2'.repeat(32),
				link: { kind: 'exception', exceptionKey: exceptionKey(test.test, exception), label: exception.reason },
			},
			{
				type: 'evidence.linked',
				findingId,
				linkId: '3'.repeat(32),
				link: { kind: 'result', test: test.test, resultSha256: test.result_sha256, label: test.test },
			},
		),
	);
	const sha256 = contentSha256(engagement.workbook(), { kind: 'finding', id: findingId });
	if (sha256 === null) throw new Error('the finding has content');
	must(
		await engagement.act({
			type: 'signoff.given',
			signoffId: '4'.repeat(32),
			target: { kind: 'finding', id: findingId },
			role: 'prepared',
			contentSha256: sha256,
		}),
	);
	return findingId;
}

const blocking = async ({ packs }: Opened, request = REQUEST): Promise<string[]> =>
	must(await packs.plan(request)).checks.flatMap(({ blocks, id }) => (blocks ? [id] : []));

describe('what stands in the way of a pack', () => {
	it('is that no evidence is loaded, and then that no test has run', async () => {
		const opened = await openWithDrop();
		expect(await blocking(opened)).toEqual(['evidence', 'results']);
		expect(await opened.packs.preview(REQUEST)).toMatchObject({ ok: false, error: { code: 'no_evidence' } });
		await importSample(opened);
		expect(await blocking(opened)).toEqual(['results']);
	});

	it('is a parameter that was changed after the run, until the test runs again', async () => {
		const opened = await openWithDrop();
		await importSample(opened);
		must(await opened.procedures.run('all'));
		expect(await blocking(opened)).toEqual([]);
		must(await opened.procedures.setParameter('T58', 'hours', 48, 'The contract says two days.'));
		expect(await blocking(opened)).toEqual(['stale']);
		must(await opened.procedures.run(['T58']));
		expect(await blocking(opened)).toEqual([]);
	});

	it('is a field to withhold that stands nowhere: a typo would disclose it', async () => {
		const opened = await openWithDrop();
		await importSample(opened);
		must(await opened.procedures.run('all'));
		expect(await blocking(opened, { ...REQUEST, redact: ['custmer.name'] })).toEqual(['withheld']);
		expect(await opened.packs.preview({ ...REQUEST, redact: ['custmer.name'] })).toMatchObject({ ok: false, error: { code: 'invalid' } });
	});
});

/** A passphrase typed once more. */
const confirm = ({ confirmations, memberId }: Opened['engagement']): string => confirmations.give(memberId);

describe('a pack of an engagement', () => {
	async function ready(): Promise<Opened & { request: PackRequest }> {
		const opened = await openWithDrop();
		await importSample(opened);
		must(await opened.procedures.run('all'));
		return { ...opened, request: { ...REQUEST, findingIds: [await addFinding(opened)] } };
	}

	it('is signed as it was previewed, and judged VALID by the strict verifier', async () => {
		const { packs, engagement, request } = await ready();
		const preview = must(await packs.preview(request));
		const made = must(await packs.make(request, preview.sha256, confirm(engagement)));
		expect(made.bytes).toBe(preview.bytes);
		expect(made.contents.map(({ title }) => title)).toContain('Findings');
		const signed = await signPack(made.bytes, SIGNER, { field: 'Preparer', time: NOW, reason: 'test' });
		if (!signed.ok) throw new Error(signed.error.detail);
		const { report, files } = await inspectPack(signed.value, {
			ports: nodeVerifyPorts,
			checkEvidence: (all, manifest) => checkPackEvidence(all, manifest, []),
		});
		expect([report.verdict, report.codes]).toEqual(['VALID', []]);
		const text = new TextDecoder().decode(files.get(FINDINGS_NAME));
		const { findings } = JSON.parse(text) as { findings: Record<string, unknown>[] };
		expect(findings).toMatchObject([
			{
				number: 'F-001',
				title: 'Events are recorded late',
				state: 'prepared',
				parts: [{ heading: 'Condition' }, { heading: 'Criteria' }, { heading: 'Effect' }],
				evidence: [
					{ kind: 'row', attachment: expect.stringMatching(/^lines__/) },
					{ kind: 'exception', attachment: null },
					{ kind: 'result', attachment: 'result.json' },
				],
				signoffs: [{ role: 'prepared', changed: [] }],
			},
		]);
	});

	it('judges the logs under the same keys where disclosures are left out', async () => {
		const { packs, engagement, request } = await ready();
		const made = must(await packs.preview({ ...request, redact: ['order_event.reason_code'] }));
		const signed = await signPack(made.bytes, SIGNER, { field: 'Preparer', time: NOW, reason: 'test' });
		if (!signed.ok) throw new Error(signed.error.detail);
		const { files } = await inspectPack(signed.value, {
			ports: nodeVerifyPorts,
			checkEvidence: (all, manifest) => checkPackEvidence(all, manifest, []),
		});
		const stated = JSON.parse(new TextDecoder().decode(files.get('result.json'))) as { integrity: unknown };
		const whole = engagement.results();
		expect(stated.integrity).toEqual(JSON.parse(JSON.stringify(whole?.integrity)));
		expect(JSON.stringify(stated.integrity)).toContain('expected the trusted key');
	});

	it('does not fetch the large fonts of scripts it has no letter of', async () => {
		const { packs, request } = await ready();
		asked.length = 0;
		must(await packs.preview({ ...request, preparedBy: 'Somebody' }));
		expect(asked).not.toContain('korean.ttf');
		must(await packs.preview({ ...request, preparedBy: '김 민준' }));
		expect(asked).toContain('korean.ttf');
	});

	it('says which words of a finding have changed since they were signed', async () => {
		const { packs, engagement, request } = await ready();
		const [findingId = ''] = request.findingIds;
		must(await engagement.act({ type: 'finding.edited', findingId, field: 'effect', value: 'A great one' }));
		const { checks } = must(await packs.plan(request));
		expect(checks.find(({ id }) => id.endsWith('.changed'))?.sentence).toMatch(/Δ F-001 has changed since it was signed \(effect\)/);
	});

	it('stops where it is told to', async () => {
		const { ports, vault, request } = await ready();
		const context = {
			...vault.context,
			job: async <T>(_label: string, work: (job: typeof NO_JOB) => Promise<Answer<T>>): Promise<Answer<T>> => {
				const controller = new AbortController();
				return await work({
					signal: controller.signal,
					progress: (phase?: string) => {
						if (phase === 'Rendering pages') controller.abort();
					},
				} as typeof NO_JOB);
			},
		};
		const stopped = packsApi(context, ports, fontPort);
		expect(await stopped.preview({ ...request, preparedBy: 'Nobody' })).toMatchObject({ ok: false, error: { code: 'cancelled' } });
	});

	it('is signed from the pages that were shown only: once the work papers have moved on, it is refused', async () => {
		const { packs, engagement, request } = await ready();
		expect(await packs.make(request, '0'.repeat(64), confirm(engagement))).toMatchObject({
			error: { code: 'conflict', message: expect.stringContaining('Preview again') },
		});
		const preview = must(await packs.preview(request));
		expect(must(await packs.plan(request)).ground).toBe(preview.ground);
		expect(await packs.make({ ...request, preparedBy: 'Nobody' }, preview.sha256, confirm(engagement))).toMatchObject({
			error: { code: 'conflict' },
		});
		const [findingId = ''] = request.findingIds;
		must(await engagement.act({ type: 'finding.edited', findingId, field: 'effect', value: 'A great one' }));
		expect(must(await packs.plan(request)).ground).not.toBe(preview.ground);
		expect(await packs.make(request, preview.sha256, confirm(engagement))).toMatchObject({ error: { code: 'conflict' } });
		const again = must(await packs.preview(request));
		expect(must(await packs.make(request, again.sha256, confirm(engagement))).bytes).toBe(again.bytes);
	});

	it('is neither given out nor put on record without a passphrase that its member typed for it', async () => {
		const { packs, engagement, request } = await ready();
		const { sha256: unsignedSha256 } = must(await packs.preview(request));
		const refused = { ok: false, error: { code: 'not_allowed' } };
		expect(await packs.make(request, unsignedSha256, '')).toMatchObject(refused);
		expect(await packs.beginPack({ ...RECORD, unsignedSha256 })).toMatchObject(refused);
		const word = confirm(engagement);
		must(await packs.make(request, unsignedSha256, word));
		expect(await packs.make(request, unsignedSha256, word)).toMatchObject(refused);
		expect(await packs.beginPack({ ...RECORD, unsignedSha256: 'b'.repeat(64) })).toMatchObject(refused);
		must(await packs.beginPack({ ...RECORD, unsignedSha256 }));
		expect(await packs.beginPack({ ...RECORD, packId: 'TP-2', unsignedSha256 })).toMatchObject(refused);
	});

	it('whose work papers change while its pages are made is none', async () => {
		const { ports, vault, engagement, request } = await ready();
		const [findingId = ''] = request.findingIds;
		let edited: Promise<unknown> | null = null;
		const context = {
			...vault.context,
			job: <T>(_label: string, work: (job: typeof NO_JOB) => Promise<Answer<T>>): Promise<Answer<T>> =>
				work({
					...NO_JOB,
					progress: () => {
						edited ??= engagement.act({ type: 'finding.edited', findingId, field: 'effect', value: 'A great one' });
					},
				} as typeof NO_JOB),
		};
		expect(await packsApi(context, ports, fontPort).preview(request)).toMatchObject({ error: { code: 'conflict' } });
		await edited;
	});

	it('that was signed and never completed stands in the register as such, until its own file is checked', async () => {
		const { packs, engagement, request } = await ready();
		const { sha256: unsignedSha256 } = must(await packs.preview(request));
		must(await packs.make(request, unsignedSha256, confirm(engagement)));
		must(await packs.beginPack({ ...RECORD, unsignedSha256 }));
		expect(must(await packs.list())).toMatchObject([{ packId: 'TP-1', verdict: null }]);
		expect(await packs.recordPack({ ...RECORD, sha256: 'c'.repeat(64), verdict: 'VALID' })).toMatchObject({ ok: false });
		must(await packs.recordPack({ ...RECORD, verdict: 'VALID' }));
		expect(must(await packs.list())).toMatchObject([{ packId: 'TP-1', verdict: 'VALID' }]);
	});

	it('stands in the register once it is recorded, newest first', async () => {
		const { packs, request } = await ready();
		const record = { ...RECORD, findingIds: request.findingIds, verdict: 'VALID' };
		must(await packs.recordPack(record));
		must(await packs.recordPack({ ...record, packId: 'TP-2' }));
		expect(must(await packs.list()).map(({ packId }) => packId)).toEqual(['TP-2', 'TP-1']);
	});
});
