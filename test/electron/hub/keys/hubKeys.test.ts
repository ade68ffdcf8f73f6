/** The hub's keys: where the master key lies, what is hidden under it, and what it takes to see it again. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseNote, parseVerifierKey, verifyNote } from '#evidence';
import { canonicalize, utf8 } from '#kernel';
import { createHubKeys } from '../../../../electron/hub/keys/hubKeys.ts';
import { generateLogKey, logSigner } from '../../../../electron/hub/keys/logSigner.ts';
import { loadMasterKey } from '../../../../electron/hub/keys/masterKey.ts';

const folder = mkdtempSync(join(tmpdir(), 'tieout-hub-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const keys = createHubKeys(new Uint8Array(32).fill(1));
const others = createHubKeys(new Uint8Array(32).fill(2));
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

describe('the master key', () => {
	it('is made once, for its owner alone, and is the same ever after', async () => {
		const file = join(folder, 'made.key');
		const made = await loadMasterKey(file, true);
		expect(made.length).toBe(32);
		expect(statSync(file).mode & 0o777).toBe(0o600);
		expect(await loadMasterKey(file, true)).toEqual(made);
		expect(await loadMasterKey(file, false)).toEqual(made);
	});

	it('made by many at once is one', async () => {
		const file = join(folder, 'raced.key');
		const made = await Promise.all(Array.from({ length: 8 }, () => loadMasterKey(file, true)));
		expect(new Set(made.map(text)).size).toBe(1);
	});

	it('is not made anew where something is sealed under the lost one', async () => {
		const file = join(folder, 'lost.key');
		await expect(loadMasterKey(file, false)).rejects.toMatchObject({ code: 'master_key' });
		expect(existsSync(file)).toBe(false);
	});

	it.skipIf(process.platform === 'win32')('is refused where others may read it', async () => {
		const file = join(folder, 'open.key');
		writeFileSync(file, new Uint8Array(32));
		chmodSync(file, 0o640);
		await expect(loadMasterKey(file, true)).rejects.toMatchObject({ code: 'master_key' });
	});

	it('is refused where it has another length', async () => {
		const file = join(folder, 'short.key');
		writeFileSync(file, new Uint8Array(31), { mode: 0o600 });
		await expect(loadMasterKey(file, true)).rejects.toMatchObject({ code: 'master_key' });
		expect(readFileSync(file).length).toBe(31);
	});
});

describe('sensitive columns', () => {
	const record = { active_from: '2026-01-01', customer_id: 'C1', name: 'Ünal & Söhne', tin: 'DE 123', zone: '\u{1F602}' };
	const line = canonicalize(record);

	it('are taken out of the line, and come back in exactly the same bytes', () => {
		const hidden = keys.hide('acme', 'customer', line);
		expect(JSON.parse(hidden.line)).toEqual({ active_from: '2026-01-01', customer_id: 'C1', zone: '\u{1F602}' });
		expect(text(hidden.secret ?? new Uint8Array())).not.toContain('DE 123');
		expect(keys.reveal('acme', 'customer', hidden)).toBe(line);
	});

	it('a null among them comes back as null and has no blind index', () => {
		const nameless = canonicalize({ customer_id: 'C2', name: 'x', tin: null });
		const hidden = keys.hide('acme', 'customer', nameless);
		expect(keys.reveal('acme', 'customer', hidden)).toBe(nameless);
		expect(hidden.blind.map((index) => index.split(':')[0])).toEqual(['customer.name']);
	});

	it('a table without any is stored as it is', () => {
		expect(keys.hide('acme', 'invoice', line)).toEqual({ line, secret: null, blind: [] });
	});

	it('do not open for another tenant, another key, another table or another row', () => {
		const hidden = keys.hide('acme', 'customer', line);
		const other = keys.hide('acme', 'customer', canonicalize({ ...record, customer_id: 'C9' }));
		expect(() => keys.reveal('beta', 'customer', hidden)).toThrow();
		expect(() => others.reveal('acme', 'customer', hidden)).toThrow();
		expect(() => keys.reveal('acme', 'user_account', hidden)).toThrow();
		expect(() => keys.reveal('acme', 'customer', { line: hidden.line, secret: other.secret })).toThrow();
	});

	it('are found by equality, whatever case and Unicode form, within one tenant and column only', () => {
		const [name] = keys.hide('acme', 'customer', line).blind;
		expect(keys.blind('acme', 'customer', 'name', 'U\u0308NAL & so\u0308hne')).toBe(name);
		expect(keys.blind('acme', 'customer', 'name', 'Unal')).not.toBe(name);
		expect(keys.blind('beta', 'customer', 'name', record.name)).not.toBe(name);
		expect(keys.blind('acme', 'user_account', 'name', record.name).split(':')[1]).not.toBe(name?.split(':')[1]);
	});
});

describe('payloads', () => {
	it('open for their tenant only, and not once a single bit has changed', () => {
		const sealed = keys.encrypt('acme', utf8('a disclosure'));
		expect(keys.decrypt('acme', sealed)).toEqual(utf8('a disclosure'));
		expect(() => keys.decrypt('beta', sealed)).toThrow();
		for (let at = 0; at < sealed.length; at++) {
			const bent = sealed.map((byte, index) => (index === at ? byte ^ 1 : byte));
			expect(() => keys.decrypt('acme', bent)).toThrow();
		}
		for (const length of [0, 1, 20]) expect(() => keys.decrypt('acme', sealed.subarray(0, length))).toThrow();
	});

	it('of equal content look different', () => {
		expect(text(keys.encrypt('acme', utf8('x')))).not.toBe(text(keys.encrypt('acme', utf8('x'))));
	});
});

describe('log keys', () => {
	it('a sealed private key opens under its name and tenant only', () => {
		const privateKey = generateLogKey();
		const sealed = keys.sealPrivateKey('acme', 'key 1', privateKey);
		expect(keys.openPrivateKey('acme', 'key 1', sealed)).toEqual(privateKey);
		expect(keys.openPrivateKey('acme', 'key 2', sealed)).toBeNull();
		expect(keys.openPrivateKey('beta', 'key 1', sealed)).toBeNull();
		expect(others.openPrivateKey('acme', 'key 1', sealed)).toBeNull();
	});

	it('sign notes that verify under their verifier key', () => {
		const signer = logSigner('acme.example/o2c', generateLogKey());
		const note = parseNote(utf8(`one\ntwo\n\n${signer.signatureLine('one\ntwo\n')}`));
		const key = parseVerifierKey(signer.vkey);
		expect(note.ok && key.ok && verifyNote(note.value, key.value)).toBe('valid');
	});
});
