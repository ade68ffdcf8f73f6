import { beforeAll, describe, expect, it } from 'vitest';
import { BY_CLAIM_ALONE, FIRST_READING, formatVerifierKey, leafHash, parseTlogProof, verifyTlogProof } from '#evidence';
import { toHex, utf8 } from '#kernel';
import { importDrop } from '../../../electron/services/nodeIntake.ts';
import { integrityView } from '../../../shared/explore/integrity.ts';
import { proofOfEvent } from '../../../shared/explore/proof.ts';
import { readAll } from '../../../shared/explore/tamperCopy.ts';
import { openSample, type SampleDrop, sampleDrop, without } from './sampleDrop.ts';

const viewOf = ({ drop, key }: SampleDrop, isTrusted = true) =>
	integrityView({ ...drop, trusted: isTrusted ? [{ vkey: formatVerifierKey(key), origin: 'read out over the telephone' }] : [] });

describe('the integrity of a clean drop under a trusted key', () => {
	let sample: SampleDrop;
	beforeAll(async () => {
		sample = await sampleDrop(4, 80, 'none');
	});

	it('covers every expected line, all of them verified', () => {
		for (const { coverage, rows, table } of viewOf(sample).sealed) {
			const { expected, verified, altered, missing, outOfOrder, notVerifiable } = coverage;
			expect(verified + altered + missing + outOfOrder + notVerifiable, table).toBe(expected);
			expect(coverage).toMatchObject({ expected: rows, altered: 0, missing: 0, outOfOrder: 0, notVerifiable: 0 });
		}
	});

	it('has every check made and none failed, each with its own sentence', () => {
		const { checks, sealed, limits, key } = viewOf(sample);
		const all = [...checks, ...sealed.flatMap((one) => one.checks)];
		expect(all.filter(({ state }) => state !== 'holds')).toEqual([]);
		expect(all.length).toBe(4 + 2 * 8);
		for (const { words } of all) expect(words).toMatch(/\.$/);
		expect(limits.length).toBeGreaterThan(1);
		expect(key.trusted[0]).toMatchObject({ isClaimed: true, isFirstReading: false, origin: 'read out over the telephone' });
		expect(JSON.stringify([all, limits])).not.toContain(BY_CLAIM_ALONE);
	});

	it('does not call cited documents all there where the table that cites them was not supplied', () => {
		const population = without(sample.drop.population, 'document');
		const { checks } = integrityView({ ...sample.drop, population, trusted: [] });
		expect(checks.find(({ id }) => id === 'documents')).toMatchObject({ state: 'not_told', count: 0 });
	});

	it('says with every answer, where the key is the drop’s own claim, that nobody else vouches for it', () => {
		const { sealed, limits, key } = integrityView({
			...sample.drop,
			trusted: [{ vkey: formatVerifierKey(sample.key), origin: FIRST_READING }],
		});
		for (const { checks } of sealed) expect(checks.find(({ id }) => id === 'signatures')?.words).toContain(BY_CLAIM_ALONE);
		expect(limits.some((limit) => limit.startsWith(BY_CLAIM_ALONE))).toBe(true);
		expect(key.trusted[0]?.isFirstReading).toBe(true);
	});
});

describe('the same without a trusted key', () => {
	it('verifies nothing, and tells signatures not at all rather than wrongly', async () => {
		const sample = await sampleDrop(4, 80, 'none', false);
		const view = viewOf(sample, false);
		for (const { coverage, verdict, checks } of view.sealed) {
			expect(verdict).toBe('not_verifiable');
			expect(coverage.verified).toBe(0);
			expect(coverage.notVerifiable).toBe(coverage.expected);
			expect(checks.find(({ id }) => id === 'signatures')?.state).toBe('not_told');
			expect(checks.find(({ id }) => id === 'links')?.state).toBe('holds');
		}
		expect(view.limits.some((limit) => limit.includes('No key is trusted'))).toBe(true);
	});
});

describe('a drop with planted flaws', () => {
	it('adds up line by line whatever was done to it, and fails only the checks concerned', async () => {
		const view = viewOf(await sampleDrop(9, 200, 'all'));
		for (const { coverage } of view.sealed) {
			const { expected, verified, altered, missing, outOfOrder, notVerifiable } = coverage;
			expect(verified + altered + missing + outOfOrder + notVerifiable).toBe(expected);
			expect(Math.min(verified, altered, missing, outOfOrder, notVerifiable)).toBeGreaterThanOrEqual(0);
		}
		const failed = new Set(
			[...view.checks, ...view.sealed.flatMap((one) => one.checks)].filter(({ state }) => state === 'fails').map(({ id }) => id),
		);
		expect(failed).toContain('file_hash');
		expect(failed).toContain('forks');
		expect(failed).toContain('documents');
	});
});

describe('the proof of an event', () => {
	it('leads from the line to the signed root, and any verifier can check it again', async () => {
		const sample = await openSample(4, 80, 'none');
		const read = await importDrop(sample.source, { trustedKeys: [sample.key] });
		if (!read.ok) throw new Error(read.error.message);
		const log = read.value.sealed.get('order_event');
		const bytes = await readAll(sample.source, 'data/order_event.ndjson', Number.POSITIVE_INFINITY);
		const lines = new TextDecoder().decode(bytes).split('\n').slice(0, -1);
		if (!log) throw new Error('the sample has order events');
		for (const line of [1, 2, 17, lines.length]) {
			const text = lines[line - 1] ?? '';
			const proof = proofOfEvent({ population: read.value.population, table: 'order_event', line, bytes: utf8(text), ...log });
			if (!proof.ok) throw new Error(proof.error.message);
			expect(proof.value).toMatchObject({ verdict: 'included', isLeafOfLog: true, text, leaf: toHex(leafHash(utf8(text))) });
			expect(proof.value.link.holds).toBe(true);
			expect(proof.value.reached).toBe(proof.value.head?.root);
			const parsed = parseTlogProof(utf8(proof.value.tlogProof ?? ''));
			expect(parsed.ok && verifyTlogProof(parsed.value, utf8(text), proof.value.head?.origin ?? '', sample.key)).toBe('valid');
		}
		const edited = proofOfEvent({ population: read.value.population, table: 'order_event', line: 2, bytes: utf8('{}'), ...log });
		expect(edited.ok && edited.value).toMatchObject({ verdict: 'not_included', isLeafOfLog: false, tlogProof: null });
		expect(proofOfEvent({ population: read.value.population, table: 'order_event', line: 0, bytes: utf8(''), ...log }).ok).toBe(false);
		await sample.close();
	});
});
