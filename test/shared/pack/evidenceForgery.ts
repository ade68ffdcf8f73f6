/** An attacker who edits embedded evidence and signs the pack anew, consistently with its manifest. */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { resultSha256, type TestResult } from '#audit';
import { type CheckCode, checkPackEvidence, type PackManifest } from '#pack';
import { replayPack } from '../../../electron/services/replayPack.ts';
import { canonical } from '../../electron/services/dropWriter.ts';
import { keyOf } from '../../electron/services/memorySource.ts';
import type { Packed } from '../../electron/services/packedSample.ts';

// biome-ignore lint/suspicious/noExplicitAny: an attacker edits whatever stands there
export type Json = Record<string, any>;

/** A pack's files in an attacker's hands, with the manifest they would write for them. */
export class Forgery {
	readonly files: Map<string, Uint8Array>;
	readonly #packed: Packed;

	constructor(packed: Packed) {
		this.#packed = packed;
		this.files = new Map(packed.files);
	}

	json(name: string, change: (value: Json) => void): this {
		const value = JSON.parse(this.text(name)) as Json;
		change(value);
		return this.put(name, canonical(value));
	}

	text(name: string): string {
		return Buffer.from(this.files.get(name) ?? []).toString('utf8');
	}

	put(name: string, text: string): this {
		this.files.set(name, Buffer.from(text));
		return this;
	}

	without(names: RegExp): this {
		for (const name of [...this.files.keys()]) if (names.test(name)) this.files.delete(name);
		return this;
	}

	/** The results changed, and every hash of a test made to fit. */
	result(change: (result: Json) => void): this {
		return this.json('result.json', (result) => {
			change(result);
			for (const test of result['tests'] as Json[]) {
				const { result_sha256: _, ...body } = test;
				test['result_sha256'] = resultSha256(body as unknown as TestResult);
			}
		});
	}

	get manifest(): PackManifest {
		const paths = new Map(this.#packed.manifest.files.map((file) => [file.name, file]));
		return { ...this.#packed.manifest, files: [...this.files.keys()].map((name) => paths.get(name) as PackManifest['files'][number]) };
	}

	codes(keys: readonly string[] = []): CheckCode[] {
		const { codes } = checkPackEvidence(this.files, this.manifest, keys.map(keyOf));
		return [...new Set(codes.map(({ code }) => code))];
	}

	async replayCodes(): Promise<CheckCode[]> {
		return [...new Set((await replayPack(this.files, this.manifest)).codes.map(({ code }) => code))];
	}
}

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Edits the first cited line of a table everywhere: lines, index, citations, and the whole table where that is asked for. */
export function editLine(forgery: Forgery, table: string, from: RegExp, to: string, isWhole: boolean): Forgery {
	const name = `lines__${table}.ndjson`;
	const old = forgery.text(name).split('\n')[0] as string;
	const edited = old.replace(from, to);
	expect(edited).not.toBe(old);
	const replace = (text: string): string => text.replaceAll(hashOf(old), hashOf(edited)).replaceAll(old, edited);
	for (const file of [name, 'lines.json']) forgery.put(file, replace(forgery.text(file)));
	if (isWhole) forgery.put(`drop__data__${table}.ndjson`, replace(forgery.text(`drop__data__${table}.ndjson`)));
	return forgery.put('result.json', replace(forgery.text('result.json'))).result(() => undefined);
}
