import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Notice } from '../../../renderer/app/notify.ts';

const { notices } = vi.hoisted(() => ({ notices: [] as Notice[] }));
vi.mock('../../../renderer/app/notify.ts', () => ({ notify: (notice: Notice) => notices.push(notice) }));
vi.stubGlobal('navigator', { platform: 'Linux' });

const { useRegistry } = await import('../../../renderer/app/commands.ts');
const { ELSEWHERE, PATIENCE_MS, runThere } = await import('../../../renderer/app/elsewhere.ts');
const { useNav } = await import('../../../renderer/state/nav.ts');

const SCREENS = join(import.meta.dirname, '../../../renderer/screens');

function sourceOf(folder: string): string {
	return readdirSync(join(SCREENS, folder))
		.map((file) => readFileSync(join(SCREENS, folder, file), 'utf8'))
		.join('\n');
}

describe('commands of other screens', () => {
	const folders = readdirSync(SCREENS);

	it('are those that their screens register, by id and title', () => {
		for (const { id, title, screen } of ELSEWHERE) {
			const folder = folders.find((one) => one.toLowerCase() === screen);
			const source = sourceOf(folder ?? '').replace(/\s+/g, ' ');
			expect(source, id).toContain(`id: '${id}', title: '${title}',`);
		}
	});

	describe('run there', () => {
		const import_ = ELSEWHERE.find(({ id }) => id === 'data.import');
		const owner = Symbol('screen');
		const offer = (disabled: string | null, run: () => void): void =>
			useRegistry.getState().put(owner, [{ id: 'data.import', title: 'Import a drop', group: 'Data & IPE', disabled, run }]);
		const begin = (): void => {
			if (import_) runThere(import_);
		};
		beforeEach(() => {
			vi.useFakeTimers();
			notices.length = 0;
			useNav.getState().reset();
		});
		afterEach(() => {
			useRegistry.getState().drop(owner);
			vi.useRealTimers();
		});

		it('as soon as the screen can, and once', () => {
			const run = vi.fn();
			begin();
			expect(useNav.getState().screen).toBe('data');
			offer('It is loading.', run);
			expect(run).not.toHaveBeenCalled();
			offer(null, run);
			offer(null, run);
			vi.advanceTimersByTime(PATIENCE_MS);
			expect(run).toHaveBeenCalledTimes(1);
			expect(notices).toEqual([]);
		});

		it('not at all where the screen can’t, and say why', () => {
			begin();
			offer('As Reviewer you can’t import evidence.', () => expect.unreachable());
			vi.advanceTimersByTime(PATIENCE_MS);
			expect(notices).toEqual([{ tone: 'warn', message: 'Import a drop: As Reviewer you can’t import evidence.' }]);
		});

		it('not when one has gone elsewhere meanwhile', () => {
			begin();
			useNav.getState().go('home');
			offer(null, () => expect.unreachable());
			vi.advanceTimersByTime(PATIENCE_MS);
			expect(notices).toEqual([]);
		});
	});
});
