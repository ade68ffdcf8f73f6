/** A certificate of disposal is held until it stands in a file. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type CertificateKeeper, makeCertificateKeeper } from '../../../electron/main/certificates.ts';
import { heldCertificates, holdCertificate, saveCertificate } from '../../../renderer/app/certificates.ts';

/** The window over the real keeper and files that answer as told. */
function windowWith(files: Readonly<Record<string, unknown>>): CertificateKeeper {
	const keeper = makeCertificateKeeper();
	const handlers = keeper.handlers as unknown as Readonly<Record<string, (request: unknown) => unknown>>;
	const invoke = (channel: string, request: unknown): Promise<unknown> =>
		Promise.resolve(handlers[channel]?.(request) ?? files[channel] ?? { ok: true, value: {} });
	vi.stubGlobal('window', { tieout: { invoke } });
	return keeper;
}

const held = async (): Promise<readonly string[]> => {
	const answer = await heldCertificates();
	return answer.ok ? answer.value.map(({ text }) => text) : [];
};

async function holding(files: Readonly<Record<string, unknown>>) {
	windowWith(files);
	expect(await holdCertificate('CERTIFICATE')).toBe(true);
	const answer = await heldCertificates();
	const [one] = answer.ok ? answer.value : [];
	if (!one) throw new Error('nothing is held');
	return await saveCertificate(one);
}

const CHOSEN = { ok: true, value: { fileToken: 'f', name: 'c.txt' } };

afterEach(() => vi.unstubAllGlobals());

describe('a certificate of disposal', () => {
	test('is not lost with the end of the program unless a person gives it up', async () => {
		const keeper = windowWith({});
		const asked = vi.fn(() => false);
		expect(keeper.mayEnd(asked)).toBe(true);
		expect(asked).not.toHaveBeenCalled();
		await holdCertificate('CERTIFICATE');
		expect(keeper.mayEnd(asked)).toBe(false);
		expect(keeper.mayEnd(() => true)).toBe(true);
	});

	test('is held on where the dialog is cancelled', async () => {
		expect(await holding({ 'file.chooseToSave': { ok: true, value: null } })).toEqual({ ok: true, value: null });
		expect(await held()).toEqual(['CERTIFICATE']);
	});

	test('is held on where it can’t be written', async () => {
		const refused = { ok: false, error: { code: 'cannot_write', message: 'No room.', reason: null, path: null } };
		expect(await holding({ 'file.chooseToSave': CHOSEN, 'file.write': refused })).toMatchObject({ ok: false });
		expect(await held()).toEqual(['CERTIFICATE']);
	});

	test('is held no longer once it was written and read back', async () => {
		const written = { ok: true, value: { written: 11, sha256: 'a'.repeat(64) } };
		expect(await holding({ 'file.chooseToSave': CHOSEN, 'file.write': written })).toMatchObject({ ok: true, value: { name: 'c.txt' } });
		expect(await held()).toEqual([]);
	});
});
