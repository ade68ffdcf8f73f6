/** Locking in haste: what the window, the main process and the vault are told, and in what order. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

const told: string[] = [];
let vaultLocks: () => Promise<unknown> = () => Promise.resolve();

vi.mock('../../../renderer/app/vault.ts', () => ({
	openVault: () => ({
		session: {
			lock: () => {
				told.push('vault');
				return vaultLocks();
			},
		},
	}),
}));
const { cover, lockNow, useEnding } = await import('../../../renderer/app/lock.ts');

beforeEach(() => {
	told.length = 0;
	vaultLocks = () => Promise.resolve();
	vi.stubGlobal('document', {
		documentElement: { toggleAttribute: (name: string, isOn: boolean) => void told.push(`${name} ${isOn}`) },
	});
	vi.stubGlobal('window', {
		tieout: {
			invoke: (channel: string) => {
				told.push(channel);
				return Promise.resolve({ ok: true, value: {} });
			},
		},
	});
});
afterEach(() => {
	cover(null);
	vi.unstubAllGlobals();
});

describe('a lock', () => {
	test('blanks the window and arms the deadline before it asks the vault for anything', async () => {
		await lockNow();
		expect(told).toEqual(['data-covered true', 'window.lockSoon', 'vault', 'window.lockNow']);
	});

	test('of a vault that never answers leaves the window blank and the deadline armed', async () => {
		vaultLocks = () => new Promise(() => undefined);
		void lockNow();
		await new Promise((resolve) => setTimeout(resolve, 5));
		expect(told).toEqual(['data-covered true', 'window.lockSoon', 'vault']);
		expect(useEnding.getState().why).toBe('lock');
	});
});
