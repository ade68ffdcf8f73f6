import { beforeAll, describe, expect, it } from 'vitest';
import type { DropSource } from '#intake';
import { importDrop } from '../../../electron/services/nodeIntake.ts';
import { sampleSigner } from '../../../electron/services/sampleLog.ts';
import { ATTACKS, type AttackOutcome, openTamperLab, type TamperLab } from '../../../shared/explore/tamperRun.ts';
import { openSample } from './sampleDrop.ts';

const importCopy: Parameters<typeof openTamperLab>[1]['importCopy'] = (drop, outside) => importDrop(drop, outside);
const signer = (name: string) => sampleSigner(name, `the key of ${name}`);

const labOn = (source: DropSource, trusted: Parameters<typeof openTamperLab>[2], copyBytesMax?: number): TamperLab =>
	openTamperLab(source, { importCopy, signer }, trusted, copyBytesMax);

/** Attacks that nothing can catch, and say so. */
const BEYOND = ['append_order', 'roll_back_new', 'lie', 'plain_and_manifest'];

describe.each(['none', 'all'] as const)('the tamper lab on a sample with anomalies: %s', (anomalies) => {
	let lab: TamperLab;
	let close: () => Promise<void>;
	beforeAll(async () => {
		const sample = await openSample(5, 200, anomalies);
		lab = labOn(sample.source, [sample.key]);
		close = sample.close;
		return () => close();
	});

	it.each(ATTACKS.map((attack) => [attack.id, attack] as const))('%s comes out as expected', async (id, attack) => {
		const outcome: AttackOutcome = await lab.run(attack);
		expect({ outcome: outcome.outcome, asExpected: outcome.asExpected }, JSON.stringify(outcome.caughtBy)).toEqual({
			outcome: id === 'append_order' ? 'shown' : BEYOND.includes(id) ? 'not_caught' : 'caught',
			asExpected: true,
		});
		expect(outcome.changes.length).toBeGreaterThan(0);
		for (const { before, after } of outcome.changes) expect(before).not.toBe(after);
		if (BEYOND.includes(id)) expect(outcome.sentence.length).toBeGreaterThan(60);
	});
});

describe('a log too long to be copied whole', () => {
	it('is cut at a checkpoint, or sealed by the lab where it was sealed further on only, and every attack comes out the same', async () => {
		const sample = await openSample(5, 200, 'all');
		const notes = new Set<string>();
		for (const bytes of [400_000, 30_000]) {
			const lab = labOn(sample.source, [sample.key], bytes);
			for (const attack of ATTACKS.filter(({ target }) => target === 'order_event')) {
				const { asExpected, note, sentence } = await lab.run(attack);
				expect(asExpected, `${bytes} ${attack.id}: ${sentence}`).toBe(true);
				notes.add(note ?? 'whole');
			}
		}
		expect([...notes].filter((note) => note.includes('up to a checkpoint')).length).toBeGreaterThan(0);
		expect([...notes].filter((note) => note.includes('sealed with a key of the lab')).length).toBe(1);
		await sample.close();
	});
});

describe('without a trusted key', () => {
	it('an edit is still caught, because the drop then contradicts itself', async () => {
		const sample = await openSample(5, 60, 'none');
		const lab = labOn(sample.source, []);
		const edited = await lab.run(ATTACKS.find(({ id }) => id === 'edit_value') ?? (ATTACKS[0] as (typeof ATTACKS)[number]));
		expect(edited.outcome).toBe('caught');
		expect(edited.before).toBe('not_verifiable');
		await sample.close();
	});

	it('leaves the drop itself as it was', async () => {
		const sample = await openSample(6, 60, 'none');
		const lab = labOn(sample.source, [sample.key]);
		for (const attack of ATTACKS.slice(0, 3)) await lab.run(attack);
		const again = await importDrop(sample.source, { trustedKeys: [sample.key] });
		expect(again.ok && again.value.evidence.integrity.order_event?.verdict).toBe('verified');
		await sample.close();
	});
});
