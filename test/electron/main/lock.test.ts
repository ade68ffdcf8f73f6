/** The end of the page's process: by itself, when it is asked for, and at the latest when the deadline is over. */
import { EventEmitter } from 'node:events';
import type { BrowserWindow } from 'electron';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

vi.mock('electron', () => ({}));
vi.mock('../../../electron/main/log.ts', () => ({ note: () => undefined }));
const { makeLocker } = await import('../../../electron/main/lock.ts');

function lockerOf() {
	let ended = 0;
	const webContents = Object.assign(new EventEmitter(), {
		forcefullyCrashRenderer: () => {
			ended++;
			queueMicrotask(() => webContents.emit('render-process-gone', {}, { reason: 'crashed' }));
		},
		loadURL: () => Promise.resolve(),
	});
	const locker = makeLocker({ webContents, isDestroyed: () => false } as unknown as BrowserWindow, () => undefined);
	return { locker, webContents, ended: () => ended };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the deadline of a lock', () => {
	test('ends a page that does not end itself, after five seconds', async () => {
		const { locker, ended } = lockerOf();
		locker.soon();
		await vi.advanceTimersByTimeAsync(4999);
		expect(ended()).toBe(0);
		await vi.advanceTimersByTimeAsync(1);
		expect(ended()).toBe(1);
	});

	test('is over once the page was ended: the next one is left alone', async () => {
		const { locker, ended } = lockerOf();
		locker.soon();
		await locker.now();
		await vi.advanceTimersByTimeAsync(10_000);
		expect(ended()).toBe(1);
	});

	test('is over too where the page ended by itself', async () => {
		const { locker, webContents, ended } = lockerOf();
		locker.soon();
		webContents.emit('render-process-gone', {}, { reason: 'crashed' });
		await vi.advanceTimersByTimeAsync(10_000);
		expect(ended()).toBe(0);
	});
});
