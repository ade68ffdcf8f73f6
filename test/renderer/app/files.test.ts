import { afterEach, describe, expect, test, vi } from 'vitest';
import { putBlob, readFileToken, saveBytes } from '../../../renderer/app/files.ts';

/** A bridge that keeps a file in memory, in the contract's shapes. */
function fakeBridge(file: Uint8Array, limits: { readonly shrinksAt?: number; readonly isCancelled?: boolean } = {}) {
	const pieces: Uint8Array[] = [];
	const written = () => Buffer.concat(pieces);
	const answerTo = (channel: string, request: Record<string, unknown>) => {
		const offset = Number(request['offset'] ?? 0);
		switch (channel) {
			case 'file.read':
				return {
					ok: true,
					value: {
						bytes:
							limits.shrinksAt !== undefined && offset >= limits.shrinksAt
								? new Uint8Array()
								: file.slice(offset, offset + Number(request['length'])),
					},
				};
			case 'file.chooseToSave':
				return { ok: true, value: limits.isCancelled ? null : { fileToken: 't', name: 'out.csv' } };
			case 'file.write':
				expect(offset).toBe(written().length);
				pieces.push(request['bytes'] as Uint8Array);
				return { ok: true, value: { written: written().length, sha256: request['isLast'] ? 'f'.repeat(64) : null } };
			case 'blob.begin':
				return { ok: true, value: { blobToken: 'b' } };
			case 'blob.add':
				pieces.push(request['bytes'] as Uint8Array);
				return { ok: true, value: { received: written().length } };
			default:
				return { ok: true, value: {} };
		}
	};
	const invoke = vi.fn((channel: string, request: Record<string, unknown>) => Promise.resolve(answerTo(channel, request)));
	vi.stubGlobal('window', { tieout: { invoke } });
	return { written, invoke };
}

afterEach(() => vi.unstubAllGlobals());

const large = new Uint8Array(5 * 1024 * 1024).map((_, i) => i % 251);

describe('files through the bridge', () => {
	test('a file larger than one message is read whole, in order', async () => {
		fakeBridge(large);
		const steps: number[] = [];
		const answer = await readFileToken('t', large.length, (done) => steps.push(done));
		expect(answer.ok && Buffer.compare(answer.value, large)).toBe(0);
		expect(steps).toEqual([4 * 1024 * 1024, large.length]);
	});

	test('a file that ends too early is refused, not filled with zeros', async () => {
		fakeBridge(large, { shrinksAt: 4 * 1024 * 1024 });
		expect(await readFileToken('t', large.length)).toMatchObject({ ok: false, error: { code: 'unreadable_file' } });
	});

	test('what is saved is written piece by piece and answered with the hash that was read back', async () => {
		const { written, invoke } = fakeBridge(new Uint8Array());
		const answer = await saveBytes('x.csv', 'table', large);
		expect(answer).toEqual({ ok: true, value: { name: 'out.csv', size: large.length, sha256: 'f'.repeat(64) } });
		expect(Buffer.compare(written(), large)).toBe(0);
		expect(invoke.mock.calls.at(-1)?.[0]).toBe('file.release');
	});

	test('an empty file is written too', async () => {
		const { invoke } = fakeBridge(new Uint8Array());
		expect(await saveBytes('x.csv', 'table', new Uint8Array())).toMatchObject({ ok: true, value: { size: 0 } });
		expect(invoke.mock.calls.filter(([channel]) => channel === 'file.write')).toHaveLength(1);
	});

	test('a cancelled dialog writes nothing', async () => {
		const { invoke } = fakeBridge(new Uint8Array(), { isCancelled: true });
		expect(await saveBytes('x.csv', 'table', large)).toEqual({ ok: true, value: null });
		expect(invoke).toHaveBeenCalledTimes(1);
	});

	test('a blob reaches the main process whole', async () => {
		const { written } = fakeBridge(new Uint8Array());
		expect(await putBlob(large)).toEqual({ ok: true, value: 'b' });
		expect(written()).toHaveLength(large.length);
	});
});
