import { describe, expect, test } from 'vitest';
import {
	E2E_CHANNELS,
	E2E_CONTRACT,
	filesRequestSchema,
	IPC_CHANNELS,
	IPC_CONTRACT,
	IPC_ERROR_CODES,
	IPC_EVENT_NAMES,
	IPC_EVENTS,
	IPC_LIMITS,
	ipcError,
	ipcErrorSchema,
} from '#ipc';

const TOKEN = '0123456789abcdef0123456789abcdef';
type Channel = keyof typeof IPC_CONTRACT;

/** One well-formed request a channel. */
const GOOD: { readonly [C in Channel]: unknown } = {
	'app.info': {},
	'app.shown': { screen: 'orders', title: 'Orders', orders: 2000 },
	'clipboard.writeText': { text: 'SO-1' },
	'window.lockNow': {},
	'window.lockSoon': {},
	'window.jobEnded': {},
	'settings.idleMinutes': { minutes: 10 },
	'drop.choose': { kind: 'folder' },
	'drop.open': { dropToken: TOKEN },
	'drop.read': { dropToken: TOKEN, path: 'manifest.json', offset: 0, length: 4096 },
	'drop.release': { dropToken: TOKEN },
	'drop.port': {},
	'sample.prepare': { orders: 2000, seed: 7 },
	'file.chooseToOpen': { kind: 'pack' },
	'file.read': { fileToken: TOKEN, offset: 0, length: 1 },
	'file.chooseToSave': { suggestedName: 'pack.pdf', kind: 'pack' },
	'file.write': { fileToken: TOKEN, offset: 0, bytes: new Uint8Array(3), isLast: true },
	'file.saveBlob': { fileToken: TOKEN, blobToken: TOKEN },
	'file.release': { fileToken: TOKEN },
	'blob.begin': { size: 10 },
	'blob.add': { blobToken: TOKEN, bytes: new Uint8Array(10) },
	'blob.read': { blobToken: TOKEN, offset: 0, length: 10 },
	'blob.release': { blobToken: TOKEN },
	'sign.inspectKey': { fileToken: TOKEN, password: 'p' },
	'sign.pack': {
		source: { kind: 'blob', blobToken: TOKEN },
		signer: { kind: 'self_made', commonName: 'Ada' },
		time: 1_790_000_000_000,
		reason: null,
		location: null,
	},
	'sign.countersign': {
		source: { kind: 'file', fileToken: TOKEN },
		signer: { kind: 'p12', fileToken: TOKEN, password: '' },
		time: 1_790_000_000_000,
		reason: 'Reviewed',
		location: null,
	},
	'check.pack': { source: { kind: 'file', fileToken: TOKEN }, trustedKeys: [], trustFileToken: null, replay: false },
	'check.cancel': {},
	'certificate.keep': { text: 'CERTIFICATE' },
	'certificate.kept': {},
	'certificate.drop': { certificateId: TOKEN },
};

const channels = Object.keys(IPC_CONTRACT) as Channel[];

describe('the contract between window and main process', () => {
	test('the plain names and the contract are one list', () => {
		expect(new Set<string>(IPC_CHANNELS)).toEqual(new Set(channels));
		expect([...E2E_CHANNELS]).toEqual(Object.keys(E2E_CONTRACT));
		expect(new Set<string>(IPC_EVENT_NAMES)).toEqual(new Set(Object.keys(IPC_EVENTS)));
	});

	test.each(channels)('%s takes its request, and nothing but it', (channel) => {
		const { request } = IPC_CONTRACT[channel];
		expect(request.safeParse(GOOD[channel]).success).toBe(true);
		expect(request.safeParse({ ...(GOOD[channel] as object), extra: 1 }).success, 'one key too many').toBe(false);
		for (const bad of [null, undefined, 7, 'x', [], [GOOD[channel]], () => 1]) expect(request.safeParse(bad).success).toBe(false);
		const hostile: unknown = JSON.parse(`{"__proto__":{"polluted":true},${JSON.stringify(GOOD[channel]).slice(1)}`.replace(',}', '}'));
		expect(request.safeParse(hostile).success, 'an own __proto__ key').toBe(false);
		expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
	});

	test.each(channels)('%s misses no key silently', (channel) => {
		const good = GOOD[channel] as Record<string, unknown>;
		for (const key of Object.keys(good)) {
			const { [key]: _, ...rest } = good;
			expect(IPC_CONTRACT[channel].request.safeParse(rest).success, key).toBe(false);
		}
	});

	test('sizes end where the limits say', () => {
		const { 'blob.add': add, 'clipboard.writeText': copy, 'drop.read': read, 'sample.prepare': sample } = IPC_CONTRACT;
		const bytes = (size: number) => add.request.safeParse({ blobToken: TOKEN, bytes: new Uint8Array(size) }).success;
		expect([bytes(IPC_LIMITS.chunkBytes), bytes(IPC_LIMITS.chunkBytes + 1)]).toEqual([true, false]);
		expect(copy.request.safeParse({ text: 'x'.repeat(IPC_LIMITS.clipboardChars + 1) }).success).toBe(false);
		const range = (offset: number, length: number) => read.request.safeParse({ dropToken: TOKEN, path: 'p', offset, length }).success;
		expect([range(0, 1), range(-1, 1), range(0, 0), range(0.5, 1), range(0, IPC_LIMITS.chunkBytes + 1), range(Number.NaN, 1)]).toEqual([
			true,
			false,
			false,
			false,
			false,
			false,
		]);
		expect(sample.request.safeParse({ orders: 1e9, seed: 7 }).success).toBe(false);
	});

	test('a token is 32 hex digits', () => {
		const { request } = IPC_CONTRACT['drop.open'];
		for (const dropToken of ['', '../../etc/passwd', TOKEN.toUpperCase(), `${TOKEN}0`, TOKEN.slice(1), 7, null])
			expect(request.safeParse({ dropToken }).success, String(dropToken)).toBe(false);
	});

	test('the files port takes four requests', () => {
		const good = [
			{ id: 1, op: 'open', dropToken: TOKEN },
			{ id: 2, op: 'read', dropToken: TOKEN, path: 'data/order_event.ndjson', offset: 0, length: 1 },
			{ id: 3, op: 'close', dropToken: TOKEN },
			{ id: 4, op: 'read_files', dropToken: TOKEN, paths: ['documents/a', 'documents/b'] },
		];
		expect(good.map((request) => filesRequestSchema.safeParse(request).success)).toEqual([true, true, true, true]);
		for (const bad of [
			{ ...good[0], op: 'write' },
			{ ...good[0], id: -1 },
			{ ...good[1], length: 2 ** 40 },
			{ ...good[2], more: 1 },
			{ ...good[3], paths: [] },
			{ ...good[3], paths: Array.from({ length: IPC_LIMITS.filesTogether + 1 }, () => 'documents/a') },
		])
			expect(filesRequestSchema.safeParse(bad).success).toBe(false);
	});

	test('an error fits its schema whatever was told', () => {
		for (const code of IPC_ERROR_CODES)
			expect(
				ipcErrorSchema.safeParse(ipcError(code, 'x'.repeat(10_000), { reason: 'y'.repeat(999), path: 'z'.repeat(9999) })).success,
			).toBe(true);
	});
});
