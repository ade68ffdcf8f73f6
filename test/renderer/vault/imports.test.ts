/** What an engagement remembers from one drop to the next, over a real store: heads of logs, and results to compare with. */
import { describe, expect, it } from 'vitest';
import { BY_CLAIM_ALONE, FIRST_READING } from '#evidence';
import type { DropSource } from '#intake';
import { nodeIntakePorts } from '../../../electron/services/nodeIntake.ts';
import type { Answer, JobControl } from '../../../renderer/vault/contract.ts';
import type { CoreContext } from '../../../renderer/vault/engagement.ts';
import { evidenceApi } from '../../../renderer/vault/evidenceApi.ts';
import { runImport, trustKeys } from '../../../renderer/vault/importJob.ts';
import { integrityApi } from '../../../renderer/vault/integrityApi.ts';
import { loadStored, verifyStored } from '../../../renderer/vault/loadedEvidence.ts';
import { proceduresApi } from '../../../renderer/vault/proceduresApi.ts';
import { workbookApi } from '../../../renderer/vault/workbookApi.ts';
import { cleanDrop } from '../../electron/services/cleanDrop.ts';
import {
	addCheckpoints,
	type DropFiles,
	dropCheckpoints,
	LOG_SIGNER,
	linesOf,
	putLines,
	sealLines,
} from '../../electron/services/dropWriter.ts';
import { memorySource } from '../../electron/services/memorySource.ts';
import { createOpen, openTestVault, PASSPHRASE, type TestVault } from './testVault.ts';

const QUIET: JobControl = { signal: new AbortController().signal, progress: () => undefined };
const TABLE = 'order_event';

const value = <T>(answer: Answer<T>): T => {
	if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
	return answer.value;
};

let imports = 0;
const importInto = async (vault: TestVault, files: DropFiles): Promise<string> => {
	const source: DropSource = memorySource(files);
	const importId = String(++imports).padStart(32, '0');
	return value(await runImport(vault.inside(), source, importId, nodeIntakePorts, QUIET)).importId;
};

const noticesOf = async (vault: TestVault): Promise<readonly string[]> =>
	value(await evidenceApi(vault.context as CoreContext, Promise.resolve(nodeIntakePorts), { current: null }).summary()).notices;

const verdictIn = (vault: TestVault) => vault.inside().evidence()?.drop.evidence.integrity[TABLE];

/** A log sealed anew by its own keeper, who holds the key. */
function resealed(change: (lines: string[]) => string[]): DropFiles {
	const files = cleanDrop(1);
	const lines = change(linesOf(files, TABLE));
	dropCheckpoints(files, TABLE);
	putLines(files, TABLE, lines);
	addCheckpoints(files, TABLE);
	return files;
}

const rolledBack = (): DropFiles => resealed((lines) => lines.slice(0, -4));

/** Another amount of time ago: the first line says something else, and all that hangs on it is chained anew. */
const rewritten = (): DropFiles =>
	resealed((lines) =>
		sealLines(
			lines.map((line, i) => {
				const { prev: _, ...row } = JSON.parse(line) as Record<string, unknown>;
				return i === 0 ? { ...row, event_id: `${String(row['event_id'])}x` } : row;
			}),
		),
	);

const open = async (): Promise<{ vault: TestVault; engagementId: string }> => {
	const vault = await openTestVault();
	const { engagementId } = await createOpen(vault);
	value(await trustKeys(vault.inside(), [{ vkey: LOG_SIGNER.vkey, origin: 'by telephone' }]));
	return { vault, engagementId };
};

const reopen = async (vault: TestVault, engagementId: string): Promise<void> => {
	await vault.session.lock();
	value(await vault.session.unlock(engagementId, PASSPHRASE));
	value(await loadStored(vault.inside(), nodeIntakePorts, QUIET));
};

describe('a log between two imports', () => {
	it('that was rolled back is truncated, though the second drop by itself is sound', async () => {
		const { vault } = await open();
		await importInto(vault, rolledBack());
		expect(verdictIn(vault)?.verdict).toBe('verified');
		await importInto(vault, cleanDrop(1));
		expect(verdictIn(vault)?.verdict).toBe('verified');
		await importInto(vault, rolledBack());
		expect(verdictIn(vault)).toMatchObject({ verdict: 'truncated', problems: [{ code: 'beyond_log' }] });
		expect(await noticesOf(vault)).toEqual([expect.stringMatching(/^Log of order_event truncated: This workstation has seen/)]);
	});

	it('that was rewritten by its keeper is forked, over a lock in between', async () => {
		const { vault, engagementId } = await open();
		await importInto(vault, cleanDrop(1));
		await reopen(vault, engagementId);
		await importInto(vault, rewritten());
		expect(verdictIn(vault)?.verdict).toBe('forked');
	});

	it('stays forked when it is read again, unlocked again, and imported again', async () => {
		const { vault, engagementId } = await open();
		await importInto(vault, cleanDrop(1));
		await importInto(vault, rewritten());
		value(await verifyStored(vault.inside(), nodeIntakePorts, QUIET));
		expect(verdictIn(vault)?.verdict).toBe('forked');
		await reopen(vault, engagementId);
		expect(verdictIn(vault)?.verdict).toBe('forked');
		await importInto(vault, rewritten());
		expect(verdictIn(vault)?.verdict).toBe('forked');
	});

	it('is remembered though the import it was seen in is taken away', async () => {
		const { vault } = await open();
		const first = await importInto(vault, cleanDrop(1));
		await vault.inside().store.removeImport(first);
		await importInto(vault, rolledBack());
		expect(verdictIn(vault)?.verdict).toBe('truncated');
	});

	it('is not remembered before its key is trusted: then a claim of the drop would be', async () => {
		const vault = await openTestVault();
		await createOpen(vault);
		await importInto(vault, cleanDrop(1));
		expect(await vault.inside().heads.load()).toEqual([]);
		value(await trustKeys(vault.inside(), [{ vkey: LOG_SIGNER.vkey, origin: 'by telephone' }]));
		value(await verifyStored(vault.inside(), nodeIntakePorts, QUIET));
		expect((await vault.inside().heads.load()).map(({ origin }) => origin)).toContain(`acme.example/o2c/${TABLE}`);
	});

	it('whose memory was tampered with is not imported as if nothing had been seen', async () => {
		const { vault } = await open();
		await importInto(vault, cleanDrop(1));
		await vault
			.inside()
			.database.shelf('draft')
			.put({ id: 'log-heads', body: { heads: [{ origin: 1 }] }, bytes: new Uint8Array(0) });
		const again = runImport(vault.inside(), memorySource(cleanDrop(1)), 'f'.repeat(32), nodeIntakePorts, QUIET);
		await expect(again).rejects.toMatchObject({ error: { code: 'engagement_damaged' } });
	});
});

describe('a key that the auditor took from the drop', () => {
	it('verifies, and every answer says that only the drop vouches for it', async () => {
		const vault = await openTestVault();
		await createOpen(vault);
		value(await trustKeys(vault.inside(), [{ vkey: LOG_SIGNER.vkey, origin: FIRST_READING }]));
		await importInto(vault, cleanDrop(1));
		expect(verdictIn(vault)?.verdict).toBe('verified');
		expect(await noticesOf(vault)).toEqual([BY_CLAIM_ALONE]);
		const summary = value(workbookApi(vault.context as CoreContext).summary());
		expect(summary.evidence).toMatchObject({ integrity: '2 of 2 logs verified, by the drop’s own key', integrityTone: 'warn' });
		const integrity = value(await integrityApi(vault.context as CoreContext, Promise.resolve(nodeIntakePorts)).view());
		expect(integrity.limits.some((limit) => limit.startsWith(BY_CLAIM_ALONE))).toBe(true);
	});

	it('shows a second history all the same, from the second drop on', async () => {
		const vault = await openTestVault();
		await createOpen(vault);
		value(await trustKeys(vault.inside(), [{ vkey: LOG_SIGNER.vkey, origin: FIRST_READING }]));
		await importInto(vault, cleanDrop(1));
		await importInto(vault, rewritten());
		expect(verdictIn(vault)?.verdict).toBe('forked');
	});
});

describe('the rows that the frame tells of', () => {
	it('are those that loaded, of how many were declared, with the lines set aside counted beside them', async () => {
		const { vault } = await open();
		const files = cleanDrop(1);
		putLines(files, 'customer', [...linesOf(files, 'customer'), '{"customer_id":']);
		await importInto(vault, files);
		const { evidence } = value(workbookApi(vault.context as CoreContext).summary());
		expect(evidence).toMatchObject({ quarantined: 1, differing: 0 });
		expect(evidence?.declaredRows).toBe((evidence?.rows ?? 0) + 1);
	});
});

describe('the run before', () => {
	it('is compared with exception by exception, after a lock and over another import', async () => {
		const { vault, engagementId } = await open();
		const procedures = proceduresApi(vault.context as CoreContext, Promise.resolve(nodeIntakePorts));
		await importInto(vault, cleanDrop(1));
		value(await procedures.run(['T67']));
		const broken = cleanDrop(1);
		const lines = linesOf(broken, TABLE);
		putLines(broken, TABLE, lines.slice(0, -4).toSpliced(3, 1));
		await importInto(vault, broken);
		value(await procedures.run(['T67']));
		const before = value(await procedures.compareWithLastRun('T67'));
		expect(before?.exceptions?.added.length).toBeGreaterThan(0);
		expect(before?.exceptions?.gone).toEqual([]);
		await reopen(vault, engagementId);
		expect(value(await procedures.compareWithLastRun('T67'))).toEqual(before);
	});
});
