/** Keys and signatures inside the real main process: its cryptography is BoringSSL, not Node's own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkPack } from '#pack';
import { nodeVerifyPorts } from '../../electron/services/checkPorts.ts';
import { KEY_FILES } from '../electron/services/keyFiles.ts';
import { renderFixture } from '../shared/pack/packFixture.ts';
import type { Launched } from './harness.ts';
import { type Answer, invokeIn, launchWalls } from './wallsPage.ts';

let launched: Launched;
const folder = mkdtempSync(join(tmpdir(), 'signing-'));
beforeAll(async () => {
	launched = await launchWalls();
});
afterAll(async () => {
	await launched.close();
	rmSync(folder, { recursive: true, force: true });
});

const invoke = (channel: string, request: object): Promise<Answer> => invokeIn(launched, channel, request);

async function chosen(name: string, bytes: Uint8Array): Promise<string> {
	const path = join(folder, name);
	writeFileSync(path, bytes);
	await invoke('e2e.setDialogAnswer', { dialog: 'open', path });
	const answer = await invoke('file.chooseToOpen', { kind: name.endsWith('.p12') ? 'p12' : 'pack' });
	return String(answer.value?.['fileToken']);
}

async function saved(name: string, blobToken: unknown): Promise<Uint8Array<ArrayBuffer>> {
	const path = join(folder, name);
	await invoke('e2e.setDialogAnswer', { dialog: 'save', path });
	const target = await invoke('file.chooseToSave', { suggestedName: name, kind: 'pack' });
	const written = await invoke('file.saveBlob', { fileToken: target.value?.['fileToken'], blobToken });
	expect(written.ok).toBe(true);
	return new Uint8Array(readFileSync(path));
}

describe('key files', () => {
	test.each(Object.entries(KEY_FILES))('%s is opened, or refused by its reason', async (name, { base64, password }) => {
		const fileToken = await chosen(`${name}.p12`, Buffer.from(base64, 'base64'));
		const answer = await invoke('sign.inspectKey', { fileToken, password });
		const outcome = answer.ok ? 'opened' : answer.error?.reason;
		const expected = { ecRc4: ['unsupported_encryption'], onlyCertificate: ['no_private_key'] }[name] ?? ['opened', 'not_yet_valid'];
		expect(expected).toContain(outcome);
		if (name === 'ecRc4' || name === 'onlyCertificate') return;
		const wrong = await invoke('sign.inspectKey', { fileToken, password: `${password}x` });
		expect(wrong.error).toMatchObject({ code: 'key_refused', reason: 'wrong_password' });
		expect(`${JSON.stringify(wrong)}${launched.log()}`).not.toContain(`${password}x`);
	});
});

test('a pack is signed, countersigned, saved, and found whole by the same check the command line has', async () => {
	const source = { kind: 'file', fileToken: await chosen('unsigned.pdf', await renderFixture()) };
	const words = { time: Date.now(), reason: 'Prepared', location: null };
	const signed = await invoke('sign.pack', { source, signer: { kind: 'self_made', commonName: 'Ada Okafor' }, ...words });
	expect(signed.value).toMatchObject({ signer: expect.stringContaining('Ada Okafor') });
	const blob = { kind: 'blob', blobToken: signed.value?.['blobToken'] };
	const again = await invoke('sign.pack', { source: blob, signer: { kind: 'self_made', commonName: 'Ada' }, ...words });
	expect(again.error).toMatchObject({ code: 'sign_refused', reason: 'already_signed' });
	const both = await invoke('sign.countersign', { source: blob, signer: { kind: 'self_made', commonName: 'Ben Lee' }, ...words });
	const bytes = await saved('signed.pdf', both.value?.['blobToken']);
	const outside = await checkPack(bytes, { ports: nodeVerifyPorts });
	expect(outside.signatures.map(({ field }) => field)).toEqual(['Preparer', 'Reviewer']);
	const check = await invoke('check.pack', {
		source: { kind: 'blob', blobToken: both.value?.['blobToken'] },
		trustedKeys: [],
		trustFileToken: null,
		replay: false,
	});
	const report = JSON.parse(String(check.value?.['reportJson'])) as { verdict: string; codes: { code: string }[] };
	expect(report.codes.map(({ code }) => code)).toEqual(expect.not.arrayContaining(['signature_invalid', 'signature_broken']));
	expect(report.verdict).not.toBe('TAMPERED');
	bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
	const altered = await invoke('check.pack', {
		source: { kind: 'file', fileToken: await chosen('altered.pdf', bytes) },
		trustedKeys: [],
		trustFileToken: null,
		replay: false,
	});
	expect((JSON.parse(String(altered.value?.['reportJson'])) as { verdict: string }).verdict).toBe('TAMPERED');
});
