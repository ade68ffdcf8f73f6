/** An export stands in the log exactly where its file stands. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { err, ok } from '#kernel';
import { type Exporting, onRecord } from '../../../renderer/app/exportRecord.ts';
import type { Answer } from '../../../renderer/vault/contract.ts';

const FILE = { name: 'exceptions.csv', size: 12, sha256: 'a'.repeat(64) };

function vaultThat(answer: Answer<void>) {
	const written: string[][] = [];
	const vault: Exporting = {
		exports: {
			begin: () => Promise.resolve(ok('e1')),
			written: (...given) => {
				written.push(given);
				return Promise.resolve(answer);
			},
		},
	};
	return { vault, written };
}

describe('an export', () => {
	it('is recorded with the hash of its file when that was written and read back', async () => {
		const { vault, written } = vaultThat(ok(undefined));
		expect(await onRecord(vault, 'e1', ok(FILE))).toEqual(ok(FILE));
		expect(written).toEqual([['e1', FILE.sha256]]);
	});

	it('is not recorded where the dialog was cancelled, or nothing could be written', async () => {
		const { vault, written } = vaultThat(ok(undefined));
		const full = err({ code: 'storage_failed', message: 'The disk is full.' } as const);
		expect(await onRecord(vault, 'e1', ok(null))).toEqual(ok(null));
		expect(await onRecord(vault, 'e1', full)).toBe(full);
		expect(written).toEqual([]);
	});

	it('that the log did not take is told, by the name of the file that stands', async () => {
		const { vault } = vaultThat(err({ code: 'locked', message: 'The engagement is locked.' }));
		const answer = await onRecord(vault, 'e1', ok(FILE));
		expect(answer).toMatchObject({
			error: { message: 'exceptions.csv was written, but the log did not take it: The engagement is locked.' },
		});
	});
});

/** Of what is no export of evidence: packs and exchange files have acts and rooms of their own, a certificate is of what is gone. */
const NO_EXPORT = ['renderer/screens/Settings/KeepingSettings.tsx', 'renderer/screens/Sync/ExchangeFiles.tsx'];

describe('every file that a screen writes', () => {
	const writing = globSync('renderer/screens/**/*.{ts,tsx}')
		.map((path) => ({ path, text: readFileSync(path, 'utf8') }))
		.filter(({ path, text }) => /\b(saveBytes|chooseFileToWrite)\(/.test(text) && !NO_EXPORT.includes(path));

	it.each(writing)('goes on record: $path', ({ text }) => {
		expect(text).toContain('onRecord(vault, ');
	});

	it('of a backup goes on record too', () => {
		expect(readFileSync('renderer/screens/Settings/KeepingSettings.tsx', 'utf8')).toContain('onRecord(vault, made.value.exportId');
	});
});
