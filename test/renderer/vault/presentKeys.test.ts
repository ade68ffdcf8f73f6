/** What rests on trusted keys holds under those keys only: whoever adds, takes or exchanges one is told to verify and run again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ed25519 } from '@noble/curves/ed25519.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatVerifierKey, verifierKey } from '#evidence';
import { provenLines } from '#explore';
import { openDrop } from '../../../electron/services/openDrop.ts';
import { writeSample } from '../../../electron/services/writeSample.ts';
import type { Answer, LoadedEvidence, OpenEngagement, VaultChange } from '../../../renderer/vault/contract.ts';
import { findingsApi } from '../../../renderer/vault/findingsApi.ts';
import { runImport, trustKeys } from '../../../renderer/vault/importJob.ts';
import { integrityApi } from '../../../renderer/vault/integrityApi.ts';
import { verifyStored } from '../../../renderer/vault/loadedEvidence.ts';
import { packsApi } from '../../../renderer/vault/packsApi.ts';
import { workerIntakePorts } from '../../../renderer/vault/portIntake.ts';
import { presentFacts } from '../../../renderer/vault/presentKeys.ts';
import { proceduresApi } from '../../../renderer/vault/proceduresApi.ts';
import { summaryOf } from '../../../renderer/vault/workbookSummary.ts';
import { createOpen, openTestVault } from './testVault.ts';

function must<T>(answer: Answer<T>): T {
	if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
	return answer.value;
}

let folder = '';
let vkey = '';
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'tieout-keys-'));
	const written = await writeSample(join(folder, 'drop'), { orders: 6, seed: 4, anomalies: 'none' }, () => undefined);
	if (!written.ok) throw new Error('the sample can’t be written');
	vkey = written.value.vkey;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const NO_JOB = { signal: new AbortController().signal, progress: () => undefined };
const OTHER = formatVerifierKey(verifierKey('log.other.example', ed25519.getPublicKey(new Uint8Array(32).fill(9))));

function loadedIn(engagement: OpenEngagement): LoadedEvidence {
	const loaded = engagement.evidence();
	if (!loaded) throw new Error('evidence is loaded');
	return loaded;
}

/** Evidence verified under the company's key, and every test run on it. */
async function testedUnderTheKey() {
	const vault = await openTestVault();
	await createOpen(vault);
	const ports = workerIntakePorts();
	const engagement = vault.inside();
	const source = await openDrop(join(folder, 'drop'));
	if (!source.ok) throw new Error(source.error.message);
	must(await trustKeys(engagement, [{ vkey, origin: 'letter' }]));
	must(await runImport(engagement, source.value, vault.context.randomId(), await ports, NO_JOB));
	const procedures = proceduresApi(vault.context, ports);
	must(await procedures.run('all'));
	const [integrity, packs] = [integrityApi(vault.context, ports), packsApi(vault.context, ports)];
	const told = async () => {
		const rows = must(await procedures.catalogue());
		const view = must(await integrity.view());
		const { checks } = must(await packs.plan({ findingIds: [], redact: [], preparedBy: null, version: '0' }));
		const { results, evidence } = summaryOf(engagement, 0);
		return {
			stale: rows.flatMap(({ id, isStale }) => (isStale ? [id] : [])),
			proven: provenLines(presentFacts(loadedIn(engagement).drop.evidence, engagement.workbook())) > 0,
			home: [results?.isStale, evidence?.integrity, evidence?.integrityTone],
			integrity: [view.isUnderPresentKeys, ...new Set(view.sealed.map(({ verdict }) => verdict))],
			blocked: checks.flatMap(({ id, blocks }) => (blocks ? [id] : [])),
		};
	};
	const remove = () => engagement.act({ type: 'trusted_key.removed', vkey, reason: 'the wrong letter' });
	const add = (text: string) => engagement.act({ type: 'trusted_key.added', vkey: text, origin: 'letter' });
	const verify = async () => must(await verifyStored(engagement, await ports, NO_JOB));
	const changes: VaultChange[] = [];
	vault.session.subscribe((change) => void changes.push(change));
	return { findings: findingsApi(vault.context), changes, engagement, procedures, told, remove, add, verify };
}

const FINE = { proven: true, stale: [], integrity: [true, 'verified'], blocked: [] };
const RESTING = ['T67', 'T68', 'T69', 'T74'];

describe('verdicts that rest on trusted keys', () => {
	it('hold while the keys stay', async () => {
		const { told } = await testedUnderTheKey();
		expect(await told()).toMatchObject({ ...FINE, home: [false, '2 of 2 logs verified', 'pass'] });
	});

	it('are out of date at once when the key is taken away, on every screen', async () => {
		const { told, remove } = await testedUnderTheKey();
		must(await remove());
		expect(await told()).toEqual({
			stale: RESTING,
			proven: false,
			home: [true, 'not verifiable, verify again', 'warn'],
			integrity: [false, 'not_verifiable'],
			blocked: ['keys', 'stale'],
		});
	});

	it('are asked for anew by whatever shows evidence', async () => {
		const { told, remove, changes } = await testedUnderTheKey();
		await told();
		changes.length = 0;
		must(await remove());
		expect(changes.map(({ kind }) => kind)).toEqual(['workbook', 'evidence']);
	});

	it('are out of date when a key is exchanged for another, or one more comes in', async () => {
		const { told, remove, add } = await testedUnderTheKey();
		must(await add(OTHER));
		expect(await told()).toMatchObject({ stale: RESTING, integrity: [false, 'not_verifiable'] });
		must(await remove());
		expect(await told()).toMatchObject({ stale: RESTING, integrity: [false, 'not_verifiable'] });
	});

	it('stay out of date after the bytes were verified again, until the tests ran again', async () => {
		const { told, remove, verify, procedures } = await testedUnderTheKey();
		must(await remove());
		await verify();
		expect(await told()).toMatchObject({ stale: RESTING, integrity: [true, 'not_verifiable'], blocked: ['stale'] });
		must(await procedures.run(RESTING));
		expect(await told()).toMatchObject({ stale: [], blocked: [], home: [false, 'not verifiable', 'warn'] });
	});

	it('come out under the present keys when a test that rests on them runs: the bytes are verified first', async () => {
		const { told, remove, procedures, engagement } = await testedUnderTheKey();
		must(await remove());
		must(await procedures.run(['T68']));
		expect(engagement.results()?.tests.find(({ test }) => test === 'T68')?.verdict).toBe('incomplete');
		expect(await told()).toMatchObject({ stale: ['T67', 'T69', 'T74'], integrity: [true, 'not_verifiable'] });
	});

	it('are signed by nobody while they are out of date, and are when they were come to anew', async () => {
		const { remove, engagement, findings, procedures } = await testedUnderTheKey();
		const sign = async (kind: 'integrity' | 'procedure', id: string) => {
			const { contentSha256, prepared } = must(await findings.signoff({ kind, id }));
			const word = engagement.confirmations.give(engagement.memberId);
			return [prepared.blockers.length, (await findings.sign({ kind, id }, 'prepared', contentSha256 ?? '', word)).ok];
		};
		must(await remove());
		expect(await sign('integrity', 'drop')).toEqual([1, false]);
		expect(await sign('procedure', 'T68')).toEqual([1, false]);
		expect(await sign('procedure', 'T01')).toEqual([0, true]);
		must(await procedures.run(['T68']));
		expect(await sign('integrity', 'drop')).toEqual([0, true]);
		expect(await sign('procedure', 'T68')).toEqual([0, true]);
	});

	it('hold again when the same keys are back, since they were found under these', async () => {
		const { told, remove, add } = await testedUnderTheKey();
		must(await remove());
		must(await add(vkey));
		expect(await told()).toMatchObject(FINE);
	});

	it('are unknown where an earlier version kept them without the keys', async () => {
		const { told, engagement } = await testedUnderTheKey();
		const loaded = loadedIn(engagement);
		const { keySet: _, ...evidence } = loaded.drop.evidence;
		await engagement.setEvidence({ ...loaded, drop: { ...loaded.drop, evidence } });
		expect(await told()).toMatchObject({ integrity: [false, 'not_verifiable'], blocked: ['keys'] });
		const last = engagement.workbook().runs.at(-1);
		if (!last) throw new Error('a run is recorded');
		must(await engagement.act({ type: 'run.recorded', runId: 'r-old', importId: last.importId, tests: last.tests }));
		expect((await told()).stale).toEqual(RESTING);
	});
});
