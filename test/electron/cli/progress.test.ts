/** Progress as a person sees it: a bar on a terminal, a line every five seconds elsewhere, never on stdout. */
import { describe, expect, it } from 'vitest';
import { progressOn } from '../../../electron/cli/progress.ts';

function fake(isTerminal: boolean) {
	let at = 1000;
	const written: string[] = [];
	const progress = progressOn({ isTerminal, write: (text) => void written.push(text), now: () => at });
	return { written, progress, wait: (ms: number) => (at += ms) };
}

describe('where there is no terminal', () => {
	it('a short job says nothing', () => {
		const { written, progress, wait } = fake(false);
		progress.report('reading', 0, 100, 'orders');
		wait(4999);
		progress.report('reading', 100, 100, 'orders');
		progress.end();
		expect(written).toEqual([]);
	});
	it('a long one a line every five seconds, with rate and time left', () => {
		const { written, progress, wait } = fake(false);
		for (let done = 0; done <= 60; done++) {
			progress.report('testing', done, 200, 'orders');
			wait(200);
		}
		expect(written).toEqual([
			'testing: 12 % of 200 orders, 5 orders/s, 35 s left\n',
			'testing: 25 % of 200 orders, 5 orders/s, 30 s left\n',
		]);
	});
	it('many short phases together are a long job', () => {
		const { written, progress, wait } = fake(false);
		for (let phase = 0; phase < 30; phase++) {
			progress.report(`reading table ${phase}`, phase, 30, 'files');
			wait(1000);
		}
		expect(written.map((line) => line.split(':')[0])).toEqual([5, 10, 15, 20, 25].map((phase) => `reading table ${phase}`));
	});
});

describe('on a terminal', () => {
	it('one line is drawn over and over, at most ten times a second, and its last state stays', () => {
		const { written, progress, wait } = fake(true);
		for (let done = 0; done <= 100; done++) {
			progress.report('hashing', done * 1e6, 100e6, 'bytes');
			wait(10);
		}
		progress.end();
		expect(written.length).toBeLessThan(15);
		expect(written.every((text) => text.startsWith('\r\u001b[K') || text === '\n')).toBe(true);
		expect(written.at(-2)).toContain('[████████████████████████] hashing: 100 % of 100.0 MB, 100.0 MB/s');
		expect(written.at(-1)).toBe('\n');
	});
	it('a new phase begins a new line', () => {
		const { written, progress } = fake(true);
		progress.report('one', 1, 2, 'steps');
		progress.report('two', 1, 2, 'steps');
		expect(written).toHaveLength(3);
		expect(written[1]).toBe('\n');
	});
});

describe('rate and time left', () => {
	it('what was done before the phase began counts for neither', () => {
		const { written, progress, wait } = fake(false);
		progress.report('reading a', 0, 1000, 'orders');
		wait(1000);
		progress.report('reading b', 500, 1000, 'orders');
		wait(5000);
		progress.report('reading b', 550, 1000, 'orders');
		expect(written).toEqual(['reading b: 55 % of 1,000 orders, 10 orders/s, 45 s left\n']);
	});
	it('an unknown total has a rate and no end, and hours are not told in seconds', () => {
		const { written, progress, wait } = fake(false);
		progress.report('reading', 0, 0, 'orders');
		wait(5000);
		progress.report('reading', 10, 0, 'orders');
		wait(5000);
		progress.report('reading', 20, 72_020, 'orders');
		expect(written).toEqual(['reading: 10 orders, 2 orders/s\n', 'reading: 0 % of 72,020 orders, 2 orders/s, 10 h left\n']);
	});
});
