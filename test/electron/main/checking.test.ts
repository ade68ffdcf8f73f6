/** The check of a pack in the main process: the hash of what was judged, what is told meanwhile, and that it can be stopped. */
import { createHash } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { ok } from '#kernel';
import type { MainContext } from '../../../electron/main/context.ts';
import { brokenDrop, packFiles } from '../services/packedSample.ts';

vi.mock('electron', () => ({ ipcMain: { handle: vi.fn() } }));
const { checkingHandlers } = await import('../../../electron/main/checking.ts');

function checking(bytes: Uint8Array<ArrayBuffer>, told: (phase: string) => void) {
	const context = { window: () => null, tell: (_event: string, { phase }: { phase: string }) => told(phase) } as unknown as MainContext;
	return checkingHandlers(context, { blobs: { whole: () => ok(bytes) } } as unknown as Parameters<typeof checkingHandlers>[1]);
}

const REQUEST = { source: { kind: 'blob', blobToken: 'b' } as const, trustedKeys: [], trustFileToken: null };

describe('the check of a pack', () => {
	test('names the bytes it judged and says what it does', async () => {
		const bytes = new TextEncoder().encode('no pack at all');
		const phases: string[] = [];
		const answer = await checking(bytes, (phase) => phases.push(phase))['check.pack']({ ...REQUEST, replay: false });
		expect(answer).toMatchObject({ ok: true, value: { sha256: createHash('sha256').update(bytes).digest('hex') } });
		expect(phases).toEqual(['Verifying signatures, files and proofs']);
	});

	test('is stopped before it judges', async () => {
		const handlers = checking(new Uint8Array(9), () => void handlers['check.cancel']({}));
		expect(await handlers['check.pack']({ ...REQUEST, replay: false })).toMatchObject({ error: { code: 'cancelled' } });
	});

	test('is stopped amid the tests that it runs again, and then says nothing of the pack', async () => {
		const { made } = await packFiles(brokenDrop());
		const handlers = checking(new Uint8Array(made.signed), (phase) => {
			if (!phase.startsWith('Verifying signatures')) void handlers['check.cancel']({});
		});
		expect(await handlers['check.pack']({ ...REQUEST, replay: true })).toMatchObject({ error: { code: 'cancelled' } });
	});
});
