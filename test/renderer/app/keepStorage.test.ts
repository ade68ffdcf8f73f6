import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { askToKeep } from '../../../renderer/app/keepStorage.ts';

const yes = () => Promise.resolve(true);
const no = () => Promise.resolve(false);

describe('the store of an engagement', () => {
	it('is asked to be kept, unless that is promised already', async () => {
		let asked = 0;
		const persist = () => {
			asked++;
			return yes();
		};
		expect(await askToKeep({ persisted: no, persist })).toBe(true);
		expect(asked).toBe(1);
		expect(await askToKeep({ persisted: yes, persist })).toBe(true);
		expect(asked).toBe(1);
	});

	it('is not said to be kept where that is refused, fails, or cannot be asked', async () => {
		expect(await askToKeep({ persisted: no, persist: no })).toBe(false);
		expect(await askToKeep({ persisted: no, persist: () => Promise.reject(new Error('no')) })).toBe(false);
		expect(await askToKeep({ persisted: no })).toBe(false);
		expect(await askToKeep(undefined)).toBe(false);
	});

	it('is asked for by the frame of every open engagement', () => {
		expect(readFileSync('renderer/app/Shell.tsx', 'utf8')).toContain('useStorageKeeping();');
	});
});
