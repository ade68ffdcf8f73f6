/** The road of a pack to its file, over a main process and a vault that only note what they are asked. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { makeSignedPack } from '../../../../renderer/screens/Packs/signing.ts';

const SIGNED = 'a'.repeat(64);
const REPORT = JSON.stringify({
	format: 'tieout-check/1',
	verdict: 'VALID',
	codes: [],
	signatures: [],
	files: {},
	proofs: {},
	replay: null,
});

type Answers = Readonly<Record<string, unknown>>;

/** @param changed answers other than those of a road without an obstacle */
function road(changed: Answers = {}) {
	const steps: string[] = [];
	const answers: Answers = {
		'blob.begin': { blobToken: 'b' },
		'blob.add': { received: 3 },
		'sign.pack': { blobToken: 's', size: 9, sha256: SIGNED, signer: 'CN=Ada' },
		'file.chooseToSave': { fileToken: 'f', name: 'TP-1.pdf' },
		'file.saveBlob': { size: 9, sha256: SIGNED },
		'check.pack': { reportJson: REPORT, sha256: SIGNED },
		...changed,
	};
	const answer = (name: string): Promise<unknown> => {
		steps.push(name);
		const value = answers[name];
		return value instanceof Error
			? Promise.resolve({ ok: false, error: { code: 'failed', message: value.message, reason: null, path: null } })
			: Promise.resolve({ ok: true, value: value === undefined ? {} : value });
	};
	vi.stubGlobal('window', { tieout: { invoke: answer } });
	const recorded: unknown[] = [];
	const vault = {
		packs: {
			make: () =>
				Promise.resolve({ ok: true, value: { packId: 'TP-1', sha256: 'b'.repeat(64), bytes: new Uint8Array(3), findingIds: [] } }),
			beginPack: (record: unknown) => {
				recorded.push(record);
				return answer('begun');
			},
			recordPack: () => answer('made'),
		},
		evidence: { trustedKeys: () => answer('keys').then(() => ({ ok: true, value: [] })) },
	} as unknown as Parameters<typeof makeSignedPack>[0];
	const made = makeSignedPack(
		vault,
		{
			request: { findingIds: [], redact: [], preparedBy: null, version: '0' },
			...{ shownSha256: 'b'.repeat(64), confirmation: 'w', signer: { kind: 'self_made', commonName: 'Ada' }, reason: '', replay: false },
		},
		() => undefined,
	);
	return { made, steps, recorded };
}

afterEach(() => vi.unstubAllGlobals());

describe('a signed pack', () => {
	test('is on record with its hash before a byte of it is written, and completed after the check', async () => {
		const { made, steps, recorded } = road();
		expect(await made).toMatchObject({ ok: true, value: { sha256: SIGNED, checked: { verdict: 'VALID' } } });
		const order = ['sign.pack', 'begun', 'file.saveBlob', 'check.pack', 'made'];
		expect(steps.filter((step) => order.includes(step))).toEqual(order);
		expect(recorded).toMatchObject([{ sha256: SIGNED, unsignedSha256: 'b'.repeat(64) }]);
	});

	test('that nobody wanted to save is neither on record nor written', async () => {
		const { made, steps } = road({ 'file.chooseToSave': null });
		expect(await made).toEqual({ ok: true, value: null });
		expect(steps).not.toContain('begun');
		expect(steps).not.toContain('file.saveBlob');
	});

	test('that could not be put on record is not written', async () => {
		const { made, steps } = road({ begun: new Error('no room') });
		expect(await made).toMatchObject({ ok: false });
		expect(steps).not.toContain('file.saveBlob');
	});

	test.each(['file.saveBlob', 'check.pack', 'made'])(
		'whose road ends at %s stays on record as not completed, and that is said',
		async (step) => {
			const { made, steps } = road({ [step]: new Error('It broke off.') });
			expect(await made).toMatchObject({ ok: false, error: { message: expect.stringMatching(/^It broke off\. .*not completed/) } });
			expect(steps).toContain('begun');
		},
	);

	test('whose file has other bytes when it is checked is not completed', async () => {
		const { made, steps } = road({ 'check.pack': { reportJson: REPORT, sha256: 'c'.repeat(64) } });
		expect(await made).toMatchObject({ ok: false, error: { message: expect.stringContaining('not completed') } });
		expect(steps).not.toContain('made');
	});
});
