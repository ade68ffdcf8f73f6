/**
 * What an attacker can do who edits embedded evidence and signs the pack anew, consistently with its manifest: all of it caught,
 * or said here not to be. The files are those of a real pack of an anomalous sample.
 */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CheckCode, checkPackEvidence } from '#pack';
import { signer } from '../../electron/services/dropWriter.ts';
import { type Packed, packOf, type Sample, sampleOf } from '../../electron/services/packedSample.ts';
import { editLine, Forgery, hashOf, type Json } from './evidenceForgery.ts';

let sample: Sample;
let packed: Packed;
beforeAll(async () => {
	sample = await sampleOf(20, 'all');
	packed = await packOf(sample.source, { trustedKeys: [sample.key] });
});
afterAll(async () => {
	await sample.source.close();
	await rm(sample.dir, { recursive: true, force: true });
});

describe('an honest pack', () => {
	it('has no objection, and every test comes out again', async () => {
		const forgery = new Forgery(packed);
		expect([forgery.codes(), await forgery.replayCodes()]).toEqual([[], []]);
	});
	it('is judged under the key that is given: the log’s, or another', () => {
		const { drop } = packed.manifest as unknown as { drop: { log_key: string } };
		expect(new Forgery(packed).codes([drop.log_key])).toEqual([]);
		expect(new Forgery(packed).codes([signer('other.example', 'x').vkey])).toEqual(['log_key_untrusted']);
	});
});

describe('caught without a replay', () => {
	const firstProof = 'proof__order_event.json';
	it.each<readonly [string, CheckCode, (forgery: Forgery) => unknown]>([
		['evidence taken away', 'evidence_missing', ({ files }) => files.delete('lines.json')],
		['the lines of a table taken away', 'evidence_missing', ({ files }) => files.delete('lines__invoice.ndjson')],
		['results that are no JSON', 'evidence_unreadable', (forgery) => forgery.put('result.json', '[')],
		['an index of another format', 'evidence_unreadable', (forgery) => forgery.json('lines.json', (index) => (index['format'] = 'x'))],
		[
			'a line of the index dropped with its bytes, and still cited',
			'evidence_missing',
			(forgery) => {
				forgery.put('lines__invoice.ndjson', forgery.text('lines__invoice.ndjson').replace(/^.*\n/, ''));
				forgery.json('lines.json', (index) => index['tables']['invoice']['lines'].shift());
			},
		],
		[
			'a line edited',
			'line_mismatch',
			(forgery) => forgery.put('lines__invoice.ndjson', forgery.text('lines__invoice.ndjson').replace('INV', 'INW')),
		],
		[
			'a line cited under another key',
			'line_mismatch',
			(forgery) => forgery.json('lines.json', (index) => (index['tables']['invoice']['lines'][0]['key'] = 'INV-X')),
		],
		[
			'a cited line edited with its hashes',
			'line_mismatch',
			(forgery) => editLine(forgery, 'invoice', /"total_minor":\d+/, '"total_minor":1', false),
		],
		[
			'the same, in the whole table too',
			'result_mismatch',
			(forgery) => editLine(forgery, 'invoice', /"total_minor":\d+/, '"total_minor":1', true),
		],
		[
			'a sealed line edited with its hashes',
			'proof_invalid',
			(forgery) => editLine(forgery, 'order_event', /"source_seq":\d+/, '"source_seq":7', true),
		],
		[
			'a node of a proof changed',
			'proof_invalid',
			(forgery) => forgery.json(firstProof, (proof) => (proof['proof'][0] = Buffer.alloc(32).toString('base64'))),
		],
		['a proof of fewer lines', 'proof_invalid', (forgery) => forgery.json(firstProof, (proof) => proof['lines'].pop())],
		['a proof that is no JSON', 'proof_invalid', (forgery) => forgery.put(firstProof, '"')],
		[
			'a reason edited, its hash not',
			'result_mismatch',
			(forgery) => forgery.json('result.json', (result) => (result['tests'][0]['title'] = 'All is well')),
		],
		['a test stated twice', 'result_mismatch', (forgery) => forgery.result(({ tests }) => tests.push(tests[0]))],
		[
			'the results of another drop',
			'result_mismatch',
			(forgery) => forgery.result((result) => (result['drop']['manifest_sha256'] = 'ab'.repeat(32))),
		],
		[
			'the drop’s manifest edited',
			'result_mismatch',
			(forgery) => forgery.json('drop__manifest.json', (manifest) => (manifest['company'] = 'Another')),
		],
		[
			'a document swapped for another',
			'result_mismatch',
			(forgery) => forgery.put([...forgery.files.keys()].find((name) => name.startsWith('document__')) as string, 'not the delivery note'),
		],
	])('%s', (_, code, forge) => {
		const forgery = new Forgery(packed);
		forge(forgery);
		expect(forgery.codes()).toContain(code);
	});
});

const firstWithExceptions = ({ tests }: Json): Json => (tests as Json[]).find((test) => test['exceptions'].length > 0) as Json;

describe('caught by a replay only', () => {
	it.each<readonly [string, (result: Json) => unknown]>([
		['an exception dropped from the results', (result) => firstWithExceptions(result)['exceptions'].shift()],
		['a sentence softened', (result) => (firstWithExceptions(result)['exceptions'][0]['reason'] = 'Nothing to see.')],
		['a verdict turned into a pass', (result) => Object.assign(firstWithExceptions(result), { verdict: 'pass', exceptions: [] })],
		['a problem of the log left out', (result) => (result['integrity']['revenue_event']['rows'] += 1)],
		['a line set aside left out', (result) => result['quarantine'].push({ file: 'data/x.ndjson', line: 1 })],
	])('%s', async (_, change) => {
		const forgery = new Forgery(packed).result(change);
		expect(forgery.codes()).toEqual([]);
		expect(await forgery.replayCodes()).toEqual(['replay_mismatch']);
	});
});

describe('not to be replayed, and said so', () => {
	it.each<readonly [string, (forgery: Forgery) => unknown]>([
		['whole tables left out', (forgery) => forgery.without(/^drop__data__/)],
		['one table left out', ({ files }) => files.delete('drop__data__invoice.ndjson')],
		['a version of a test that this program does not have', (forgery) => forgery.result(({ tests }) => (tests[0]['version'] = 99))],
		['parameters that the test does not have', (forgery) => forgery.result(({ tests }) => (tests[0]['parameters'] = { no_such: 1 }))],
		['results whose parts are of another kind', (forgery) => forgery.put('result.json', '{"format":"tieout-result/1","tests":[null]}')],
	])('%s', async (_, forge) => {
		const forgery = new Forgery(packed);
		forge(forgery);
		expect(await forgery.replayCodes()).toEqual(['replay_not_possible']);
	});
});

describe('beyond what any check of the pack alone can catch', () => {
	it('a whole test left out of the results: nothing says which tests there should be', async () => {
		const forgery = new Forgery(packed).result(
			(result) => (result['tests'] = (result['tests'] as Json[]).filter((test) => test !== firstWithExceptions(result))),
		);
		expect([forgery.codes(), await forgery.replayCodes()]).toEqual([[], []]);
	});
	it('plain tables rewritten together with the drop’s manifest: the cover’s manifest hash has to be compared with the company’s', () => {
		const forgery = editLine(new Forgery(packed), 'invoice', /"total_minor":\d+/, '"total_minor":1', true);
		const bytes = forgery.files.get('drop__data__invoice.ndjson') as Uint8Array;
		forgery.json('drop__manifest.json', (manifest) => {
			const invoice = (manifest['tables'] as Json[]).find(({ table }) => table === 'invoice') as Json;
			invoice['sha256'] = createHash('sha256').update(bytes).digest('hex');
		});
		const manifestSha256 = hashOf(forgery.text('drop__manifest.json'));
		forgery.result((result) => (result['drop']['manifest_sha256'] = manifestSha256));
		const manifest = { ...forgery.manifest, drop: { ...(packed.manifest['drop'] as Json), manifest_sha256: manifestSha256 } };
		expect(checkPackEvidence(forgery.files, manifest, []).codes).toEqual([]);
	});
});
