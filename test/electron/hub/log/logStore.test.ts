/** The logs of a hub: what was answered is sealed, chained, signed and served, and stays so. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
	leafHash,
	merkleTree,
	parseNote,
	parseVerifierKey,
	verifyConsistency,
	verifyEd25519,
	verifyInclusion,
	verifyNote,
} from '#evidence';
import { concatBytes, fromBase64, fromHex, toBase64, toHex, utf8 } from '#kernel';
import { LOG_TABLES, type NewEvent } from '../../../../electron/hub/log/logPort.ts';
import { openLogStore } from '../../../../electron/hub/log/logStore.ts';
import { rotationText } from '../../../../electron/hub/log/rotationText.ts';
import { KEYS, LOG, NOW, openTestHub, orderEvent, rootOf, TENANT, type TestHub, textOf, verifyLog } from './testHub.ts';

let hub: TestHub;
beforeEach(async () => {
	hub = await openTestHub();
});
afterEach(() => hub.close());

const append = (...events: readonly NewEvent[]) => hub.log.append(TENANT, 'order_event', events);
const parsed = (line: string) => JSON.parse(line) as Record<string, unknown>;
const many = (count: number, orders: number) => Array.from({ length: count }, (_, at) => orderEvent(`SO-${at % orders}`));
const isValid = (note: string, vkey: string | undefined) => {
	const read = parseNote(utf8(note));
	const key = parseVerifierKey(vkey ?? '');
	return read.ok && key.ok && verifyNote(read.value, key.value);
};

describe('sealing', () => {
	it('gives each event its index, its number in the order and the leaf hash of the one before', async () => {
		const [a, b, c] = await append(orderEvent('SO-1'), orderEvent('SO-2'), orderEvent('SO-1'));
		const lines = [a, b, c].map((event) => parsed(event?.line ?? ''));
		expect([a, b, c].map((event) => event?.index)).toEqual([0, 1, 2]);
		expect(lines.map((line) => line['order_seq'])).toEqual([1, 1, 2]);
		expect(lines.map((line) => line['prev'])).toEqual([null, null, toHex(leafHash(utf8(a?.line ?? '')))]);
	});

	it('what was answered lies under a checkpoint that the key has signed, and verifies', async () => {
		await append(...many(700, 40));
		expect(hub.log.head(TENANT, 'order_event').size).toBe(700);
		const verification = await verifyLog(hub.log, 'order_event');
		expect(verification.problems).toEqual([]);
		expect(verification).toMatchObject({ verdict: 'verified', rows: 700, sealedLines: 700 });
	});

	it('calls made at once are sealed in their order, whole, each answered with its own events', async () => {
		const calls = Array.from({ length: 50 }, (_, no) => [orderEvent(`SO-${no % 7}`), orderEvent(`SO-${no % 3}`)]);
		const answers = await Promise.all(calls.map((events) => append(...events)));
		expect(answers.flat().map(({ index }) => index)).toEqual(Array.from({ length: 100 }, (_, index) => index));
		answers.forEach((answer, no) => {
			expect(answer.map(({ line }) => parsed(line)['event_id'])).toEqual(calls[no]?.map(({ record }) => record['event_id']));
		});
		expect((await verifyLog(hub.log, 'order_event')).verdict).toBe('verified');
	});

	it('a checkpoint of every size that was signed is kept, each the beginning of the next', async () => {
		const sizes = [1, 3, 4, 260, 515, 516];
		let size = 0;
		for (const next of sizes) {
			await append(...many(next - size, 5));
			size = next;
		}
		const notes = await Promise.all(sizes.map((at) => hub.log.checkpointAt(TENANT, 'order_event', at)));
		for (const [at, to] of sizes.entries()) {
			expect(isValid(notes[at] ?? '', hub.log.keys(TENANT)[0]?.vkey)).toBe('valid');
			for (const [earlier, from] of sizes.slice(0, at).entries()) {
				const proof = await hub.log.consistency(TENANT, 'order_event', from, to);
				expect(verifyConsistency(from, to, rootOf(notes[earlier] ?? ''), rootOf(notes[at] ?? ''), proof)).toBe(true);
			}
		}
		expect(await hub.log.checkpointAt(TENANT, 'order_event', 2)).toBeNull();
		expect(await hub.log.checkpointAt(TENANT, 'order_event', 517)).toBeNull();
	});

	it('every line has a proof of inclusion under the head', async () => {
		const sealed = await append(...many(300, 9));
		const { root, size } = hub.log.head(TENANT, 'order_event');
		for (const { index, leaf } of sealed) {
			expect(verifyInclusion(leaf, index, size, await hub.log.inclusion(TENANT, 'order_event', index, size), root)).toBe(true);
		}
	});

	it('listeners hear of each head, until they stop listening', async () => {
		const heard: number[] = [];
		const stop = hub.log.onHead((tenant, table, size) => {
			if (tenant === TENANT && table === 'order_event') heard.push(size);
		});
		await append(orderEvent('SO-1'));
		await append(orderEvent('SO-1'));
		stop();
		await append(orderEvent('SO-1'));
		expect(heard).toEqual([1, 2]);
	});

	it('disclosures are kept apart from the line, encrypted', async () => {
		await append(orderEvent('SO-1', {}, { disclosures: ['one', 'two'] }));
		const rows = await hub.database.query<{ secret: Uint8Array }>('SELECT secret FROM disclosure ORDER BY no');
		expect(rows.map(({ secret }) => Buffer.from(KEYS.decrypt(TENANT, secret)).toString())).toEqual(['one', 'two']);
	});

	it("the hub's own records are chained by their kind", async () => {
		const record = (kind: string, no: number) => ({ ...orderEvent(''), record: { kind, no } });
		const sealed = await hub.log.append(TENANT, 'hub_record', [record('batch', 1), record('job', 1), record('batch', 2)]);
		const lines = sealed.map(({ line }) => parsed(line));
		expect(lines.map(({ prev }) => prev)).toEqual([null, null, toHex(sealed[0]?.leaf ?? new Uint8Array())]);
	});
});

describe('what is refused', () => {
	const refused = (code: string, at: number | null = 0) => ({ code, at });

	it.each([
		['no order', { order_id: undefined }, 'malformed'],
		['an id that no database can hold', { event_id: 'a\u0000b' }, 'malformed'],
		['a text without a UTF-8 form', { actor_id: '\ud800' }, 'malformed'],
		['a prev of its own', { prev: null }, 'malformed'],
		['a number out of the order', { order_seq: 2 }, 'not_next'],
		['more than 60,000 bytes', { reason_code: 'x'.repeat(60_000) }, 'too_long'],
	] as const)('an event with %s, and nothing of its call is sealed', async (_, more, code) => {
		await expect(append(orderEvent('SO-1', more), orderEvent('SO-1'))).rejects.toMatchObject(refused(code));
		expect(hub.log.head(TENANT, 'order_event').size).toBe(0);
		await append(orderEvent('SO-1', { order_seq: 1 }));
		expect((await verifyLog(hub.log, 'order_event')).verdict).toBe('verified');
	});

	it('an event id that the log has, alone among the calls of its group', async () => {
		const first = orderEvent('SO-1');
		await append(first);
		const outcomes = await Promise.allSettled([append(orderEvent('SO-1')), append(orderEvent('SO-2'), first), append(orderEvent('SO-3'))]);
		expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
		expect(outcomes[1]).toMatchObject({ reason: refused('event_exists', 1) });
		expect(hub.log.head(TENANT, 'order_event').size).toBe(3);
		expect((await verifyLog(hub.log, 'order_event')).verdict).toBe('verified');
	});

	it('an event id twice in one group', async () => {
		const event = orderEvent('SO-1');
		await expect(append(event, event)).rejects.toMatchObject(refused('event_exists', 1));
	});

	it('a tenant that is not there', async () => {
		await expect(hub.log.append('nobody', 'order_event', [orderEvent('SO-1')])).rejects.toMatchObject(refused('unknown_log', null));
	});

	it('a second process on the folder', async () => {
		const second = openLogStore({ database: hub.database, keys: KEYS, folder: hub.folder, now: () => NOW });
		await expect(second).rejects.toMatchObject({ code: 'folder_in_use' });
	});
});

describe('opening again', () => {
	it('goes on where it stopped, with the same head', async () => {
		await append(...many(300, 7));
		const before = hub.log.head(TENANT, 'order_event');
		await hub.reopen();
		expect(hub.log.head(TENANT, 'order_event')).toEqual(before);
		await append(...many(300, 7));
		expect((await verifyLog(hub.log, 'order_event')).verdict).toBe('verified');
	});

	it('a lost folder is written anew from the database, to the same head', async () => {
		await append(...many(700, 7));
		await append(...many(10, 7));
		const before = hub.log.head(TENANT, 'order_event');
		await hub.log.close();
		rmSync(join(hub.folder, TENANT), { recursive: true });
		hub.log = await openLogStore({ database: hub.database, keys: KEYS, folder: hub.folder, now: () => NOW });
		expect(hub.log.head(TENANT, 'order_event')).toEqual(before);
		expect((await verifyLog(hub.log, 'order_event')).verdict).toBe('verified');
	});

	it('missing tiles are written anew from the database', async () => {
		await append(...many(700, 7));
		rmSync(join(hub.folder, TENANT, 'order_event', 'tile', '0', '001'));
		await hub.reopen();
		expect((await verifyLog(hub.log, 'order_event')).verdict).toBe('verified');
	});

	it('rows that the database lost after they were signed are written anew from the files', async () => {
		await append(...many(300, 7));
		await append(...many(30, 7));
		const kept = await hub.database.query('SELECT * FROM order_head ORDER BY order_id');
		await hub.database.query('DELETE FROM sealed_line WHERE idx >= 300');
		await hub.database.query('DELETE FROM event_key WHERE idx >= 300');
		await hub.database.query('DELETE FROM checkpoint WHERE size > 300');
		await hub.database.query(`UPDATE order_head SET (n, idx, leaf) = (SELECT n, idx, leaf FROM sealed_line
			WHERE order_id = order_head.order_id ORDER BY idx DESC LIMIT 1)`);
		await hub.reopen();
		expect(await hub.database.query('SELECT * FROM order_head ORDER BY order_id')).toEqual(kept);
		expect(await hub.database.query('SELECT count(*) AS count FROM event_key')).toEqual([{ count: 330n }]);
		await append(...many(30, 7));
		expect((await verifyLog(hub.log, 'order_event')).verdict).toBe('verified');
	});

	const contradicts = { code: 'log_contradicts' };
	const reopened = async (): Promise<unknown> => {
		await hub.log.close();
		try {
			hub.log = await openLogStore({ database: hub.database, keys: KEYS, folder: hub.folder, now: () => NOW });
			return 'it has opened';
		} catch (error) {
			return error;
		}
	};

	it.each([
		['a changed root in the database', `UPDATE checkpoint SET root = decode(repeat('00', 32), 'hex') WHERE log_table = 'order_event'`],
		['rows gone that were sealed', 'DELETE FROM sealed_line WHERE idx >= 20'],
		[
			'rows beyond what was sealed',
			'INSERT INTO sealed_line SELECT tenant, region, log_table, 30, order_id, 9, leaf, line, batch_id, 1 FROM sealed_line WHERE idx = 3',
		],
	])('refuses to start over %s', async (_, statement) => {
		await append(...many(30, 7));
		// The files would settle the second one: without them the database alone must be found out.
		if (statement.startsWith('DELETE')) rmSync(join(hub.folder, TENANT), { recursive: true });
		await hub.database.query(statement);
		expect(await reopened()).toMatchObject(contradicts);
	});

	it('refuses to start over a changed line in the files, or a checkpoint of another key', async () => {
		await append(...many(30, 7));
		const file = join(hub.folder, TENANT, 'order_event', 'growing', '0');
		const bytes = readFileSync(file);
		writeFileSync(
			file,
			bytes.map((byte, at) => (at === 100 ? byte ^ 1 : byte)),
		);
		expect(await reopened()).toMatchObject(contradicts);
		writeFileSync(file, bytes);
		await hub.database.query('DELETE FROM log_key');
		expect(await reopened()).toMatchObject(contradicts);
	});
});

describe('files that are served as they are', () => {
	const file = (path: string) => hub.log.tileFile(TENANT, 'order_event', path);
	const read = (path: string) => new Uint8Array(readFileSync(file(path) ?? ''));

	it('full and partial tiles hold exactly the hashes and entries of the tree', async () => {
		const sealed = await append(...many(600, 7));
		const leaves = concatBytes(...sealed.map(({ leaf }) => leaf));
		expect(read('tile/0/001')).toEqual(leaves.slice(256 * 32, 512 * 32));
		expect(read('tile/0/002.p/88')).toEqual(leaves.slice(512 * 32));
		expect(read('tile/0/002.p/5')).toEqual(leaves.slice(512 * 32, 517 * 32));
		expect(read('tile/1/000.p/2')).toEqual(
			concatBytes(merkleTree(leaves).rootOf(256), merkleTree(leaves.slice(256 * 32, 512 * 32)).rootOf(256)),
		);
		const entry = utf8(sealed[512]?.line ?? '');
		expect(read('tile/entries/002.p/1')).toEqual(concatBytes(Uint8Array.of(entry.length >> 8, entry.length & 255), entry));
		expect(Buffer.from(read('checkpoint')).toString()).toBe(hub.log.head(TENANT, 'order_event').note);
	});

	it('nothing beyond the head, and nothing outside of the layout', async () => {
		await append(...many(300, 7));
		for (const path of [
			'tile/0/002',
			'tile/0/001',
			'tile/0/001.p/45',
			'tile/entries/001',
			'tile/1/000',
			'tile/1/000.p/2',
			'tile/0/000.p/5',
		]) {
			expect(file(path), path).toBeNull();
		}
		for (const path of [
			'../order_event/checkpoint',
			'growing/1',
			'tile/0/../../checkpoint',
			'/etc/passwd',
			'checkpoints/300.txt',
			'tile/entries/x000/000',
		]) {
			expect(file(path), path).toBeNull();
		}
		expect(existsSync(file('tile/0/001.p/44') ?? '')).toBe(true);
	});

	it('a torn partial tile does not outlive a restart', async () => {
		await append(...many(30, 7));
		const path = file('tile/0/000.p/30') ?? '';
		writeFileSync(path, 'torn');
		await hub.reopen();
		expect(read('tile/0/000.p/30').length).toBe(30 * 32);
	});

	it('lines come with their line feed, from any place to any other', async () => {
		const sealed = await append(...many(600, 7));
		const text = (from: number, to: number) =>
			sealed
				.slice(from, to)
				.map(({ line }) => `${line}\n`)
				.join('');
		for (const [from, to] of [
			[0, 600],
			[255, 257],
			[256, 256],
			[599, 700],
			[10, 520],
		] as const) {
			expect(Buffer.from(await textOf(hub.log.lines(TENANT, 'order_event', from, to))).toString()).toBe(text(from, to));
		}
	});
});

describe('keys', () => {
	it('a new key takes over with both signatures, in a record that both have signed', async () => {
		await append(...many(5, 2));
		const [old] = hub.log.keys(TENANT);
		await hub.log.rotateKey(TENANT);
		const [retired, fresh] = hub.log.keys(TENANT);
		expect(retired).toMatchObject({ vkey: old?.vkey, to: { order_event: 5, revenue_event: 0, hub_record: 1 } });
		expect(fresh).toMatchObject({ from: retired?.to ?? {}, to: null });
		for (const table of LOG_TABLES) {
			const { note } = hub.log.head(TENANT, table);
			expect([old, fresh].map((key) => isValid(note, key?.vkey))).toEqual(['valid', 'valid']);
		}
		const record = parsed(Buffer.from(await textOf(hub.log.lines(TENANT, 'hub_record', 0, 1))).toString());
		const statement = utf8(rotationText({ log: LOG, old: old?.vkey ?? '', fresh: fresh?.vkey ?? '', from: fresh?.from ?? ({} as never) }));
		for (const [name, key] of [
			['old_signature', old],
			['new_signature', fresh],
		] as const) {
			const verifier = parseVerifierKey(key?.vkey ?? '');
			expect(verifier.ok && verifyEd25519(verifier.value.publicKey, statement, fromBase64(String(record[name])) ?? new Uint8Array())).toBe(
				true,
			);
		}
		await append(...many(5, 2));
		expect([old, fresh].map((key) => isValid(hub.log.head(TENANT, 'order_event').note, key?.vkey))).toEqual(['unsigned', 'valid']);
	});

	it('stays with its windows over a restart, and can turn again', async () => {
		await append(...many(5, 2));
		await hub.log.rotateKey(TENANT);
		const keys = hub.log.keys(TENANT);
		const heads = LOG_TABLES.map((table) => hub.log.head(TENANT, table));
		await hub.reopen();
		expect(hub.log.keys(TENANT)).toEqual(keys);
		expect(LOG_TABLES.map((table) => hub.log.head(TENANT, table))).toEqual(heads);
		await hub.log.rotateKey(TENANT);
		expect(hub.log.keys(TENANT).length).toBe(3);
		expect((await verifyLog(hub.log, 'order_event')).verdict).toBe('verified');
	});

	it('a private key never lies in clear', async () => {
		const [row] = await hub.database.query<{ sealed_private: Uint8Array; vkey: string }>('SELECT sealed_private, vkey FROM log_key');
		expect(KEYS.openPrivateKey(TENANT, row?.vkey ?? '', row?.sealed_private ?? new Uint8Array())?.length).toBeGreaterThan(40);
		expect(Buffer.from(row?.sealed_private ?? []).toString('hex')).not.toContain('302e020100300506032b6570');
	});

	it('a publication is a note of its own origin under the key', () => {
		const digest = new Uint8Array(32).fill(5);
		const note = hub.log.publicationNote(TENANT, 7, digest);
		expect(note.startsWith(`${LOG}/publication\n7\n${toBase64(digest)}\n\n`)).toBe(true);
		expect(isValid(note, hub.log.keys(TENANT)[0]?.vkey)).toBe('valid');
	});
});

describe('witnesses', () => {
	const pair = generateKeyPairSync('ed25519');
	const material = concatBytes(Uint8Array.of(4), new Uint8Array(pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)));
	const keyId = createHash('sha256').update('witness.example\n').update(material).digest().subarray(0, 4);
	const vkey = `witness.example+${keyId.toString('hex')}+${toBase64(material)}`;
	const cosignatureOf = (note: string, time = 1_780_000_000n, message = note.slice(0, note.indexOf('\n\n') + 1)) => {
		const stamp = Buffer.alloc(8);
		stamp.writeBigUInt64BE(time);
		const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${message}`), pair.privateKey);
		return `\u2014 witness.example ${Buffer.concat([keyId, stamp, signature]).toString('base64')}\n`;
	};

	beforeEach(async () => {
		await append(...many(5, 2));
		await append(...many(5, 2));
		await hub.database.query('INSERT INTO witness VALUES ($1, $2, $3, $4)', [TENANT, 'witness.example', vkey, NOW]);
	});

	it.each([10, 5, 0])("a cosignature of the checkpoint of %i lines is served below the log's own, restarts over", async (size) => {
		const before = (await hub.log.checkpointAt(TENANT, 'order_event', size)) ?? '';
		const line = cosignatureOf(before);
		expect(await hub.log.cosign(TENANT, 'order_event', size, line)).toEqual({ ok: true, value: undefined });
		expect(await hub.log.checkpointAt(TENANT, 'order_event', size)).toBe(before + line);
		expect(await hub.log.cosign(TENANT, 'order_event', size, line)).toEqual({ ok: true, value: undefined });
		await hub.reopen();
		expect(await hub.log.checkpointAt(TENANT, 'order_event', size)).toBe(before + line);
		await hub.log.rotateKey(TENANT);
		expect(await hub.log.checkpointAt(TENANT, 'order_event', size)).toContain(line);
		expect(isValid((await hub.log.checkpointAt(TENANT, 'order_event', size)) ?? '', hub.log.keys(TENANT)[0]?.vkey)).toBe('valid');
	});

	it('a call without events leaves the head and its witnesses as they are', async () => {
		const { note } = hub.log.head(TENANT, 'order_event');
		await hub.log.cosign(TENANT, 'order_event', 10, cosignatureOf(note));
		expect(await append()).toEqual([]);
		expect(hub.log.head(TENANT, 'order_event').note).toBe(note + cosignatureOf(note));
	});

	it('what does not verify, or nobody knows, is refused and not stored', async () => {
		const { note } = hub.log.head(TENANT, 'order_event');
		const other = (await hub.log.checkpointAt(TENANT, 'order_event', 5)) ?? '';
		const refusal = async (line: string, size = 10) => await hub.log.cosign(TENANT, 'order_event', size, line);
		expect(await refusal(cosignatureOf(other))).toEqual({ ok: false, error: 'bad_signature' });
		expect(await refusal(cosignatureOf(note), 5)).toEqual({ ok: false, error: 'bad_signature' });
		expect(await refusal(cosignatureOf(note), 7)).toEqual({ ok: false, error: 'no_checkpoint' });
		expect(await refusal(cosignatureOf(note), 11)).toEqual({ ok: false, error: 'no_checkpoint' });
		expect(await refusal('nonsense')).toEqual({ ok: false, error: 'malformed' });
		expect(await refusal(`${cosignatureOf(note)}${cosignatureOf(note)}`)).toEqual({ ok: false, error: 'malformed' });
		await hub.database.query('DELETE FROM witness');
		expect(await refusal(cosignatureOf(note))).toEqual({ ok: false, error: 'unknown_witness' });
		expect(hub.log.head(TENANT, 'order_event').note).toBe(note);
		expect(await hub.database.query('SELECT count(*) AS count FROM cosignature')).toEqual([{ count: 0n }]);
	});
});

describe('heads of a day', () => {
	const HIGH = ['SO-\u{1F602}', 'SO-\uFB33', 'SO-\uE000', 'SO-z', 'SO-Ä'];

	it("the record's root is that of all orders' last events, sorted by UTF-16 code units", async () => {
		await append(...many(40, 11), ...HIGH.map((orderId) => orderEvent(orderId)));
		const sealed = await hub.log.sealHeads(TENANT, 'order_event', '2026-06-01');
		const text = Buffer.from(await textOf(hub.log.lines(TENANT, 'order_event', 0, 45))).toString();
		const lines = text.trimEnd().split('\n');
		const last = new Map(lines.map((line) => [String(parsed(line)['order_id']), line]));
		const leaves = [...last.keys()]
			.sort((a, b) => (a < b ? -1 : 1))
			.map((orderId) => {
				const line = last.get(orderId) ?? '';
				return leafHash(utf8(JSON.stringify([orderId, parsed(line)['order_seq'], toHex(leafHash(utf8(line)))])));
			});
		expect(parsed(sealed.line)).toMatchObject({
			kind: 'heads',
			table: 'order_event',
			day: '2026-06-01',
			size: 45,
			orders: 16,
			root: toHex(merkleTree(concatBytes(...leaves)).rootOf(16)),
		});
	});

	it.each(['as it is', 'gone on', 'reopened', 'snapshot lost'])('proves of each order how many events it had then (%s)', async (what) => {
		await append(...many(600, 300), ...HIGH.map((orderId) => orderEvent(orderId)));
		await hub.log.sealHeads(TENANT, 'order_event', '2026-06-01');
		if (what !== 'as it is') await append(...many(20, 10), orderEvent('SO-new'));
		if (what === 'reopened') await hub.reopen();
		if (what === 'snapshot lost') rmSync(join(hub.folder, TENANT, 'order_event', 'heads'), { recursive: true });
		for (const orderId of ['SO-0', 'SO-9', 'SO-299', ...HIGH]) {
			const proof = await hub.log.headProof(TENANT, 'order_event', orderId);
			expect(JSON.parse(proof?.line ?? '')).toMatchObject([orderId, HIGH.includes(orderId) ? 1 : 2, expect.any(String)]);
			const root = fromHex(String(parsed(proof?.record.line ?? '')['root'])) ?? new Uint8Array();
			expect(proof && verifyInclusion(leafHash(utf8(proof.line)), proof.index, proof.size, proof.hashes, root)).toBe(true);
		}
		expect(await hub.log.headProof(TENANT, 'order_event', 'SO-new')).toBeNull();
		expect(await hub.log.headProof(TENANT, 'revenue_event', 'SO-0')).toBeNull();
	});

	it('a day has one record a table', async () => {
		await append(...many(4, 2));
		await hub.log.sealHeads(TENANT, 'order_event', '2026-06-01');
		await expect(hub.log.sealHeads(TENANT, 'order_event', '2026-06-01')).rejects.toMatchObject({ code: 'event_exists' });
		await hub.log.sealHeads(TENANT, 'revenue_event', '2026-06-01');
		await hub.log.sealHeads(TENANT, 'order_event', '2026-06-02');
		expect(hub.log.head(TENANT, 'hub_record').size).toBe(3);
	});
});

describe('the end of a log', () => {
	it('is a record of the hub, and nothing comes after it, restarts included', async () => {
		await append(...many(4, 2));
		await hub.log.freeze(TENANT, 'order_event');
		const record = parsed(Buffer.from(await textOf(hub.log.lines(TENANT, 'hub_record', 0, 1))).toString());
		expect(record).toMatchObject({ kind: 'freeze', table: 'order_event', size: 4, root: toHex(hub.log.head(TENANT, 'order_event').root) });
		await expect(append(orderEvent('SO-1'))).rejects.toMatchObject({ code: 'frozen' });
		await hub.reopen();
		await expect(append(orderEvent('SO-1'))).rejects.toMatchObject({ code: 'frozen' });
		expect((await verifyLog(hub.log, 'order_event')).verdict).toBe('verified');
	});
});
