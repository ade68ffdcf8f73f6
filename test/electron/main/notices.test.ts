import { EventEmitter } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import { IPC_CONTRACT } from '#ipc';
import type { MainContext } from '../../../electron/main/context.ts';

const made: unknown[] = [];
let isSupported = true;
vi.mock('electron', () => ({
	Notification: class {
		static isSupported = () => isSupported;
		readonly on = vi.fn();
		readonly show = vi.fn();
		readonly close = vi.fn();

		constructor(options: unknown) {
			made.push(options);
		}
	},
}));
const { noticeHandlers } = await import('../../../electron/main/notices.ts');

const windowOf = (isFocused: boolean) => ({
	isFocused: () => isFocused,
	isMinimized: () => true,
	isDestroyed: () => false,
	restore: vi.fn(),
	focus: vi.fn(),
});

const contextOf = (window: ReturnType<typeof windowOf> | null) => ({ window: () => window }) as unknown as Pick<MainContext, 'window'>;

const noticeOf = () => Object.assign(new EventEmitter(), { show: vi.fn(), close: vi.fn() });

describe('a job that has ended', () => {
	test('is told to the desktop in one fixed sentence, where the window is not in front', () => {
		made.length = 0;
		noticeHandlers(contextOf(windowOf(false)))['window.jobEnded']({});
		expect(made).toEqual([{ title: 'Tieout', body: 'A job has ended.' }]);
	});

	test('has no room in its request for a word of anything', () => {
		expect(IPC_CONTRACT['window.jobEnded'].request.safeParse({}).success).toBe(true);
		expect(IPC_CONTRACT['window.jobEnded'].request.safeParse({ body: 'Zyx Client' }).success).toBe(false);
	});

	test('is not told to who looks at the window, or has none, or on a desktop without notices', () => {
		made.length = 0;
		noticeHandlers(contextOf(windowOf(true)))['window.jobEnded']({});
		noticeHandlers(contextOf(null))['window.jobEnded']({});
		isSupported = false;
		noticeHandlers(contextOf(windowOf(false)))['window.jobEnded']({});
		isSupported = true;
		expect(made).toEqual([]);
	});

	test('brings the window to the front by a click, and takes the place of the notice before', () => {
		const window = windowOf(false);
		const [first, second] = [noticeOf(), noticeOf()];
		const notices = [first, second];
		const handlers = noticeHandlers(contextOf(window), () => notices.shift() ?? null);
		handlers['window.jobEnded']({});
		handlers['window.jobEnded']({});
		expect([first.show.mock.calls.length, first.close.mock.calls.length, second.show.mock.calls.length]).toEqual([1, 1, 1]);
		second.emit('click');
		expect([window.restore.mock.calls.length, window.focus.mock.calls.length]).toEqual([1, 1]);
	});
});
