/** A message that promises Ctrl+Z is about an act that Ctrl+Z takes back; else it would take back other work of the member. */

import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type Act, undoableType } from '#findings';

describe('what may promise to be undone', () => {
	const stays: readonly Act[] = [
		{ type: 'trusted_key.added', vkey: 'log+1+A', origin: 'letter' },
		{ type: 'trusted_key.removed', vkey: 'log+1+A', reason: 'wrong' },
		{ type: 'engagement.edited', field: 'name', value: 'Audit' },
		{ type: 'conflict.settled', conflictId: 'c'.repeat(32), choice: 'first', value: null },
		{ type: 'refusal.dismissed', replica: 'a'.repeat(32), seq: 1, reason: 'twice' },
		{ type: 'member.removed', memberId: 'm1', reason: 'left' },
		{ type: 'finding.state_changed', findingId: 'f1', state: 'issued', reason: '' },
	];
	it.each(stays)('is never $type', (act) => {
		expect(undoableType(act)).toBeNull();
	});

	it('is an edit, and a move of a finding that is not its issue', () => {
		expect(undoableType({ type: 'finding.edited', findingId: 'f1', field: 'cause', value: '' })).toBe('finding.edited');
		expect(undoableType({ type: 'finding.state_changed', findingId: 'f1', state: 'draft', reason: '' })).toBe('finding.state_changed');
	});
});

/** Parts of the vault that only do what cannot be undone: a message behind them promises nothing. */
const FACTS = /vault\.(evidence\.(add|remove)TrustedKey|workbook\.editEngagement|sync\.(settle|dismiss)|members\.)\w*\(/;

describe('every message with a promise to undo', async () => {
	const sources = await Promise.all(
		globSync('renderer/{app,screens}/**/*.{ts,tsx}').map(async (path) => ({ path, text: await readFile(path, 'utf8') })),
	);
	const told = sources.flatMap(({ path, text }) =>
		[...text.matchAll(/\bundo: ([^,}\n]+)/g)].map((match) => ({
			path,
			promise: (match[1] ?? '').trim(),
			before: text.slice(0, match.index),
		})),
	);

	it('is found', () => {
		expect(told.length).toBeGreaterThan(12);
	});

	it.each(told)('$path names the act: $promise', ({ promise }) => {
		expect(promise).toMatch(/^('[a-z]+\.[a-z_]+'|act|undoableType\(act\)|to === 'issued' \? null : 'finding\.state_changed')$/);
	});

	it.each(told)('$path does not stand behind an act that stays: $promise', ({ before }) => {
		const calls = [...before.matchAll(/await vault\.[\w.]+\(/g)].map(([call]) => call);
		expect(calls.at(-1) ?? '').not.toMatch(FACTS);
	});
});
