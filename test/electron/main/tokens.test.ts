import { expect, test } from 'vitest';
import { makeTokenTable } from '../../../electron/main/tokens.ts';

function table(max = 3) {
	const gone: string[] = [];
	let clock = 0;
	let made = 0;
	const tokens = makeTokenTable<string>({
		noun: 'file',
		max,
		idleMs: 100,
		now: () => clock,
		random: () => (++made).toString(16).padStart(32, '0'),
		onGone: (value) => gone.push(value),
	});
	const add = (value: string): string => {
		const token = tokens.add(value);
		return token.ok ? token.value : token.error.code;
	};
	return { tokens, gone, add, wait: (ms: number) => (clock += ms) };
}

const codeOf = (answer: { ok: boolean; error?: { code: string } }) => (answer.ok ? 'ok' : answer.error?.code);

test('a token stands for its value until it is released, and once only', () => {
	const { tokens, add, gone } = table();
	const token = add('a');
	expect(tokens.use(token)).toEqual({ ok: true, value: 'a' });
	tokens.release(token);
	tokens.release(token);
	expect(codeOf(tokens.use(token))).toBe('unknown_token');
	expect(gone).toEqual(['a']);
});

test('use keeps a token, idleness ends it', () => {
	const { tokens, add, gone, wait } = table();
	const [kept, idle] = [add('kept'), add('idle')];
	wait(60);
	expect(codeOf(tokens.use(kept))).toBe('ok');
	wait(60);
	expect(codeOf(tokens.use(idle))).toBe('unknown_token');
	expect(codeOf(tokens.use(kept))).toBe('ok');
	expect(gone).toEqual(['idle']);
});

test('a full table refuses, lets go of what it could not take, and has room again when something goes', () => {
	const { tokens, add, gone, wait } = table(2);
	add('a');
	add('b');
	expect(add('c')).toBe('too_many');
	expect(gone).toEqual(['c']);
	wait(100);
	expect(add('d')).toMatch(/^[0-9a-f]{32}$/);
	tokens.clear();
	expect([tokens.size, gone]).toEqual([0, ['c', 'a', 'b', 'd']]);
});

test('names of objects are no tokens', () => {
	const { tokens } = table();
	for (const name of ['__proto__', 'constructor', 'size', '']) expect(codeOf(tokens.use(name))).toBe('unknown_token');
});
