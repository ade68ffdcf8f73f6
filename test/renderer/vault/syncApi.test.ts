import { describe, expect, it } from 'vitest';
import { formatVerifierKey, verifierKey, verifyEd25519 } from '#evidence';
import { contentSha256, verifyLog } from '#findings';
import { fromBase64, ok } from '#kernel';
import { emptyPapers, type PapersState, takePush } from '#sync';
import type { Answer } from '../../../renderer/vault/contract.ts';
import { exchangeCrypto } from '../../../renderer/vault/exchangeCrypto.ts';
import { openHeaders } from '../../../renderer/vault/header.ts';
import { signerOf } from '../../../renderer/vault/keys.ts';
import { syncApi } from '../../../renderer/vault/syncApi.ts';
import { writtenFinding } from '../../shared/findings/book.ts';
import { createOpen, memoryIdb, openTestVault, PASSPHRASE, type TestVault } from './testVault.ts';

const CHEAP = { memoryKiB: 64, iterations: 1, parallelism: 1 };
const WORDS = 'seven grey herons wait';

/** Takes what is written to it. */
function sink() {
	const parts: Uint8Array[] = [];
	const write = (bytes: Uint8Array): Promise<Answer<void>> => {
		parts.push(bytes.slice());
		return Promise.resolve(ok(undefined));
	};
	return { write, bytes: () => new Uint8Array(Buffer.concat(parts)) };
}

const piecesOf = (bytes: Uint8Array) => (offset: number, length: number) => Promise.resolve(ok(bytes.slice(offset, offset + length)));

async function backupOf(vault: TestVault): Promise<Uint8Array> {
	const { write, bytes } = sink();
	must(await vault.session.backupTo(write));
	return bytes();
}

function must<T>(answer: Answer<T>): T {
	if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
	return answer.value;
}

const setting = (key: string, value: string) => ({ type: 'setting.changed', key, value, reason: 'plan' }) as const;

/** One engagement on two copies: the founding one, and one restored from its backup beside it. */
async function twoCopies() {
	const idb = memoryIdb();
	const vault = await openTestVault(idb);
	const { engagementId: founding } = await createOpen(vault);
	must(await vault.inside().act(setting('a', 'before')));
	const file = await backupOf(vault);
	const { engagementId: restored } = must(await vault.session.restoreFrom(file.length, piecesOf(file)));
	const sync = syncApi(vault.context, exchangeCrypto({ fresh: CHEAP, floor: CHEAP }));
	return {
		vault,
		idb,
		sync,
		founding,
		restored,
		open: async (engagementId: string): Promise<void> => void must(await vault.session.unlock(engagementId, PASSPHRASE)),
		written: async (): Promise<Uint8Array> => {
			const { write, bytes } = sink();
			must(await sync.exportExchange(WORDS, write));
			return bytes();
		},
		take: (file: Uint8Array, words = WORDS) => sync.importExchange(file.length, piecesOf(file), words),
	};
}

describe('two copies of an engagement', () => {
	it('have chains of their own: a restored one never goes on with the chain of the other', async () => {
		const { vault, founding, restored, open } = await twoCopies();
		await open(founding);
		const first = vault.inside().replica;
		must(await vault.inside().act(setting('b', '1')));
		await open(restored);
		expect(vault.inside().replica).not.toBe(first);
		must(await vault.inside().act(setting('b', '2')));
		const log = vault.inside().log();
		expect(log.at(-1)).toMatchObject({ replica: vault.inside().replica, seq: 1, seen: { [first]: 3 } });
		expect(verifyLog(log, verifyEd25519)).toMatchObject({ isIntact: true, acts: 4 });
		await open(restored);
		expect(vault.inside().damages()).toEqual([]);
		expect(vault.inside().workbook().settings.get('b')?.value).toBe('2');
	});

	it('come together by files, both ways; what both changed is a conflict, and is settled once for both', async () => {
		const { vault, sync, founding, restored, open, written, take } = await twoCopies();
		await open(restored);
		must(await vault.inside().act(setting('a', 'by the copy'), setting('b', 'new')));
		expect(must(sync.status())).toMatchObject({ confirmed: 3, pending: 2, sequencer: { kind: 'other_copy' } });
		expect(must(sync.outbox()).map(({ sentence }) => sentence)).toEqual(['Setting a set to “by the copy”', 'Setting b set to “new”']);
		const outgoing = await written();
		await open(founding);
		must(await vault.inside().act(setting('a', 'by the founder')));
		expect(must(await take(outgoing))).toMatchObject({ kind: 'advance', acts: 2, confirmed: 2, openConflicts: 1 });
		expect(must(sync.conflicts())).toMatchObject([
			{ what: 'setting a', first: { value: 'by the founder', member: 'A. Okafor' }, second: { value: 'by the copy' }, settled: null },
		]);
		const { conflictId = '' } = must(sync.conflicts())[0] ?? {};
		must(await sync.settle(conflictId, 'second', 'by the copy'));
		expect(must(sync.status())).toMatchObject({ pending: 0, openConflicts: 0, sequencer: { kind: 'this_copy' } });
		const back = await written();
		const log = vault.inside().log();
		await open(restored);
		expect(must(await take(back)).kind).toBe('rebase');
		expect(vault.inside().log()).toEqual(log);
		expect(vault.inside().workbook().settings.get('a')?.value).toBe('by the copy');
		await open(restored);
		expect(vault.inside().damages()).toEqual([]);
		expect(vault.inside().log()).toEqual(log);
		expect(must(sync.status())).toMatchObject({ confirmed: 7, pending: 0 });
	});

	it('tell what was refused, and let it be done again or dismissed', async () => {
		const { vault, sync, founding, restored, open, written, take } = await twoCopies();
		await open(founding);
		must(await vault.inside().act({ type: 'trusted_key.added', vkey: 'log+1+A', origin: 'letter' }));
		must(await vault.inside().act({ type: 'trusted_key.removed', vkey: 'log+1+A', reason: 'wrong' }));
		must(await vault.inside().act({ type: 'trusted_key.added', vkey: 'log+1+B', origin: 'letter' }));
		const outgoing = await written();
		await open(restored);
		must(await vault.inside().act({ type: 'trusted_key.added', vkey: 'log+1+B', origin: 'call' }));
		expect(must(await take(outgoing))).toMatchObject({ kind: 'rebase', openRefusals: 1 });
		const [row] = must(sync.refused());
		expect(row).toMatchObject({ code: 'exists', message: 'This key is trusted already.', member: 'A. Okafor', dismissed: null });
		if (!row) return;
		expect(await sync.retry(row.ref)).toMatchObject({ ok: false, error: { code: 'conflict' } });
		must(await vault.inside().act({ type: 'trusted_key.removed', vkey: 'log+1+B', reason: 'check' }));
		must(await sync.retry(row.ref));
		expect(must(sync.refused())[0]?.dismissed).toMatchObject({ reason: 'Done again' });
		expect(vault.inside().workbook().trustedKeys.get('log+1+B')?.origin).toBe('call');
		expect(await sync.dismiss(row.ref, 'twice')).toMatchObject({ ok: false, error: { code: 'conflict' } });
	});

	it('repeat no signature that was refused: who signs types the passphrase anew', async () => {
		const { vault, sync, founding, restored, open, written, take } = await twoCopies();
		const signing = (role: 'prepared' | 'reviewed') => {
			const target = { kind: 'finding', id: 'f1' } as const;
			const sha256 = contentSha256(vault.inside().workbook(), target) ?? '';
			return vault.inside().act({ type: 'signoff.given', signoffId: role, target, role, contentSha256: sha256 });
		};
		await open(founding);
		must(await vault.inside().act(...writtenFinding('f1')));
		const common = await written();
		await open(restored);
		must(await take(common));
		must(await signing('prepared'));
		const outgoing = await written();
		await open(founding);
		must(await vault.inside().act({ type: 'finding.edited', findingId: 'f1', field: 'effect', value: 'another' }));
		expect(must(await take(outgoing))).toMatchObject({ openRefusals: 1 });
		const [row] = must(sync.refused());
		if (!row) throw new Error('the sign-off was refused');
		const { seq } = vault.inside().workbook();
		expect(await sync.retry(row.ref)).toMatchObject({ error: { code: 'not_allowed', message: expect.stringContaining('not repeated') } });
		expect(vault.inside().workbook().seq).toBe(seq);
	});

	it('take no file under another passphrase, or a weak one, or of another engagement, and lose nothing by trying', async () => {
		const { vault, sync, founding, restored, open, written, take } = await twoCopies();
		await open(founding);
		const file = await written();
		expect(await take(file, 'seven grey herons went')).toMatchObject({ error: { code: 'wrong_passphrase' } });
		expect(await sync.exportExchange('short', sink().write)).toMatchObject({ error: { code: 'weak_passphrase' } });
		expect(await take(file.subarray(0, 30))).toMatchObject({ error: { code: 'unreadable_file' } });
		await vault.session.lock();
		await createOpen(vault);
		const before = vault.inside().log();
		expect(await take(file)).toMatchObject({ error: { code: 'conflict' } });
		expect(must(sync.status()).stopped).toMatchObject({ code: 'wrong_engagement' });
		expect(vault.inside().log()).toEqual(before);
		await open(restored);
		expect(must(sync.status()).stopped).toBeNull();
		await vault.session.lock();
		expect(sync.status()).toMatchObject({ error: { code: 'locked' } });
	});

	it('go on from a partner’s copy where the ordering one is lost', async () => {
		const { vault, sync, restored, open } = await twoCopies();
		await open(restored);
		must(await vault.inside().act(setting('b', '1')));
		must(await sync.takeOver());
		expect(must(sync.status())).toMatchObject({ confirmed: 5, pending: 0, sequencer: { kind: 'this_copy' } });
		must(await vault.inside().act(setting('b', '2')));
		await open(restored);
		expect(vault.inside().damages()).toEqual([]);
		expect(must(sync.status())).toMatchObject({ confirmed: 6, pending: 0 });
	});

	it('tell a fork where one was copied behind the program’s back', async () => {
		const { vault, sync, founding, restored, open, written, take } = await twoCopies();
		await open(founding);
		const { replica } = vault.inside();
		must(await vault.inside().act(setting('x', 'here')));
		const file = await written();
		await vault.session.lock();
		// As a copied disk would have it: the other copy bears the same name.
		const headers = await openHeaders(vault.idb);
		await headers.change(restored, (header) => ({ ...header, replica }));
		headers.close();
		await open(restored);
		must(await vault.inside().act(setting('x', 'there')));
		expect(await take(file)).toMatchObject({ error: { code: 'conflict', message: expect.stringContaining('two acts 4') } });
		expect(must(sync.status()).stopped).toMatchObject({ code: 'fork' });
		expect(vault.inside().workbook().settings.get('x')?.value).toBe('there');
	});
});

describe('a hub', () => {
	it('is handed the ordering, takes the outbox, and its answers are merged and kept', async () => {
		const { vault, sync, founding, restored, open } = await twoCopies();
		const signer = signerOf('hub', new Uint8Array(32).fill(7));
		const publicKey = fromBase64(signer.publicKey) as Uint8Array;
		const log = 'acme.example/papers';
		const vkey = formatVerifierKey(verifierKey('hub', publicKey));
		const hubSigner = { name: 'hub', publicKey, sign: signer.sign };
		await open(founding);
		const { engagementId } = vault.inside().papers.state();
		let hub: PapersState = emptyPapers(engagementId, { kind: 'hub', log, vkey });
		const exchange = async (): Promise<void> => {
			const request = must(sync.nextPush(hub.order.length));
			const { merged, answer } = takePush(hub, request, hubSigner, verifyEd25519);
			if (merged.kind === 'reject') throw new Error(merged.reason.message);
			hub = merged.state;
			must(await sync.receive(JSON.parse(JSON.stringify(answer?.pull))));
		};
		must(await sync.appointHub(log, vkey));
		must(await vault.inside().act(setting('h', '1')));
		expect(must(sync.status())).toMatchObject({ confirmed: 4, pending: 1, sequencer: { kind: 'hub', name: log } });
		await exchange();
		expect(must(sync.status())).toMatchObject({ confirmed: 5, pending: 0 });
		await open(restored);
		must(await vault.inside().act(setting('h', '2')));
		await exchange();
		expect(must(sync.conflicts())).toMatchObject([{ first: { value: '1' }, second: { value: '2' } }]);
		await open(restored);
		expect(vault.inside().damages()).toEqual([]);
		expect(vault.inside().workbook()).toEqual(hub.workbook);
		expect(await sync.receive({ nonsense: true })).toMatchObject({ error: { code: 'invalid' } });
	});
});
