/** The colours, computed and not picked by eye: every verdict is legible on page, surface and its own tint, light and dark. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../../renderer/app/tokens.css', import.meta.url), 'utf8');

const blockOf = (selector: string): ReadonlyMap<string, string> => {
	const start = css.indexOf(`${selector} {`);
	const block = css.slice(start, css.indexOf('}', start));
	return new Map([...block.matchAll(/(--[\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name ?? '', value ?? '']));
};

const light = blockOf(':root');
const dark = blockOf('[data-mantine-color-scheme="dark"]');

/** Relative luminance (WCAG 2.2, definition of relative luminance). */
function luminance(hex: string): number {
	const [r, g, b] = [1, 3, 5].map((at) => {
		const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
		return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
	}) as [number, number, number];
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
	const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
	return (high + 0.05) / (low + 0.05);
}

const VERDICTS = ['neutral', 'info', 'pass', 'warn', 'fail', 'hold'] as const;

describe.each([
	['light', light],
	['dark', dark],
] as const)('%s colours', (_, tokens) => {
	const of = (name: string): string => {
		const value = tokens.get(name);
		if (value === undefined) throw new Error(`no token ${name}`);
		return value;
	};

	it.each(VERDICTS)('%s reads at 4.5:1 on page, surface and its tint', (verdict) => {
		for (const ground of ['--surface-1', '--surface-2', `--verdict-${verdict}-tint`])
			expect(contrast(of(`--verdict-${verdict}-fg`), of(ground)), `${verdict} on ${ground}`).toBeGreaterThanOrEqual(4.5);
	});

	it('a failed verdict reads on its solid badge', () => {
		expect(contrast(of('--verdict-fail-on'), of('--verdict-fail-fg'))).toBeGreaterThanOrEqual(4.5);
	});

	it.each(['--text', '--text-muted', '--accent'])('%s reads at 4.5:1 on every surface', (name) => {
		for (const ground of ['--surface-1', '--surface-2', '--surface-3', '--selection'])
			expect(contrast(of(name), of(ground)), `${name} on ${ground}`).toBeGreaterThanOrEqual(4.5);
	});

	it('borders of controls and the focus ring stand out at 3:1 (WCAG 2.2, 1.4.11)', () => {
		for (const ground of ['--surface-1', '--surface-2']) {
			expect(contrast(of('--control'), of(ground))).toBeGreaterThanOrEqual(3);
			expect(contrast(of('--focus-ring'), of(ground))).toBeGreaterThanOrEqual(3);
		}
	});

	it('text on the accent reads at 4.5:1', () => {
		expect(contrast(of('--on-accent'), of('--accent'))).toBeGreaterThanOrEqual(4.5);
	});
});

it('light and dark name the same colours', () => {
	expect([...dark.keys()]).toEqual([...light.keys()]);
});
