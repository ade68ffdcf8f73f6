import { afterEach, describe, expect, test, vi } from 'vitest';
import { IPC_ERROR_CODES, ipcError } from '#ipc';
import type { Handlers } from '../../../electron/main/context.ts';

vi.mock('electron', () => ({ ipcMain: { handle: vi.fn() }, clipboard: {} }));
vi.mock('../../../electron/main/flags.ts', () => ({ IS_E2E: false }));
const { answerRequest, isTrustedSender } = await import('../../../electron/main/ipc.ts');

afterEach(() => vi.restoreAllMocks());

const handlers = (one: Partial<Record<keyof Handlers, unknown>>): Handlers => one as unknown as Handlers;
const quiet = () => vi.spyOn(process.stderr, 'write').mockReturnValue(true);

describe('who may ask', () => {
	const page = { url: 'app://bundle/index.html', isTop: true };
	test.each([
		['our page in our window', page, 7, true],
		['our page in another window', page, 8, false],
		['a frame of our page', { ...page, isTop: false }, 7, false],
		['a blank page', { url: 'about:blank', isTop: true }, 7, false],
		['an empty URL', { url: '', isTop: true }, 7, false],
		['another host', { url: 'app://evil/', isTop: true }, 7, false],
		['a data URL', { url: 'data:text/html,x', isTop: true }, 7, false],
		['a frame that is gone', null, 7, false],
	])('%s', (_who, frame, contentsId, expected) => {
		expect(isTrustedSender({ frame, contentsId }, 7)).toBe(expected);
	});
	test('nobody, while there is no window', () => {
		expect(isTrustedSender({ frame: page, contentsId: 7 }, null)).toBe(false);
	});
});

describe('an answer', () => {
	test('is the handler’s value, where it is shaped as the contract says', async () => {
		const answer = await answerRequest(
			'blob.begin',
			handlers({ 'blob.begin': () => ({ ok: true, value: { blobToken: 'a'.repeat(32) } }) }),
			{ size: 1 },
		);
		expect(answer).toEqual({ ok: true, value: { blobToken: 'a'.repeat(32) } });
	});

	test('is invalid_request before any handler runs', async () => {
		quiet();
		const handler = vi.fn();
		expect(await answerRequest('blob.begin', handlers({ 'blob.begin': handler }), { size: -1 })).toMatchObject({
			error: { code: 'invalid_request' },
		});
		expect(handler).not.toHaveBeenCalled();
	});

	test('lets nothing extra through to the page', async () => {
		quiet();
		const leaking = handlers({
			'blob.begin': () => ({ ok: true, value: { blobToken: 'a'.repeat(32), path: '/somewhere/ada/secret.pdf' } }),
		});
		const answer = await answerRequest('blob.begin', leaking, { size: 1 });
		expect(answer).toMatchObject({ ok: false, error: { code: 'failed' } });
		expect(JSON.stringify(answer)).not.toContain('ada');
	});

	test('says of an exception that there was one, and no more', async () => {
		quiet();
		const broken = handlers({
			'blob.begin': () => {
				throw new Error('/somewhere/ada/secret.pdf');
			},
		});
		const answer = await answerRequest('blob.begin', broken, { size: 1 });
		expect(answer).toMatchObject({ ok: false, error: { code: 'failed', reason: null, path: null } });
		expect(JSON.stringify(answer)).not.toContain('ada');
	});

	test.each(IPC_ERROR_CODES)('carries the code %s', async (code) => {
		const refusing = handlers({ 'blob.begin': () => ({ ok: false, error: ipcError(code, 'x', { reason: 'y' }) }) });
		expect(await answerRequest('blob.begin', refusing, { size: 1 })).toEqual({
			ok: false,
			error: { code, message: 'x', reason: 'y', path: null },
		});
	});
});
