import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { AuditResult } from '#audit';
import { parseVerifierKey } from '#evidence';
import { auditDrop } from '../../electron/services/nodeIntake.ts';
import { openDrop } from '../../electron/services/openDrop.ts';
import { otherDrop, VKEY } from './company.ts';
import type { Planted } from './mischief.ts';
import { plantedAgain, plantedDrop } from './planted.ts';

type Files = ReadonlyMap<string, Uint8Array>;

async function audit(path: string): Promise<AuditResult> {
	const [key, source] = [parseVerifierKey(VKEY), await openDrop(path)];
	if (!key.ok || !source.ok) throw new Error(source.ok ? 'the key is none' : source.error.message);
	const audited = await auditDrop(source.value, { trustedKeys: [key.value] });
	await source.value.close();
	if (!audited.ok) throw new Error(audited.error.message);
	return audited.value.result;
}

async function inRoom<T>(use: (room: string) => Promise<T>): Promise<T> {
	const room = await mkdtemp(join(tmpdir(), 'other-writer-'));
	try {
		return await use(room);
	} finally {
		await rm(room, { recursive: true });
	}
}

const zipped = (files: Files) => zipSync(Object.fromEntries(files), { level: 1 });

const auditZip = (files: Files): Promise<AuditResult> =>
	inRoom(async (room) => {
		await writeFile(join(room, 'drop.zip'), zipped(files));
		return await audit(join(room, 'drop.zip'));
	});

const auditFolder = (files: Files): Promise<AuditResult> =>
	inRoom(async (room) => {
		for (const [path, bytes] of files) {
			await mkdir(dirname(join(room, path)), { recursive: true });
			await writeFile(join(room, path), bytes);
		}
		return await audit(room);
	});

const reports = ({ tests }: AuditResult): string[] =>
	tests.flatMap(({ test, exceptions }) =>
		exceptions.map(({ order_id, keys, reason }) => `${test} ${order_id} ${JSON.stringify(keys)} ${reason}`),
	);

const verdictsOf = ({ tests }: AuditResult, verdict: string): string[] =>
	tests.filter((test) => test.verdict === verdict && !test.why?.includes('not in this version')).map(({ test }) => test);

function isFound({ tests }: AuditResult, { test, order, keys }: Planted): boolean {
	return tests.some(
		(run) =>
			run.test === test &&
			run.exceptions.some(
				(found) =>
					(order === undefined || found.order_id === order) &&
					Object.entries(keys).every(([column, value]) => String(found.keys[column]) === value),
			),
	);
}

/** What the catalogue can test so far. */
const TESTED =
	`T01 T02 T03 T04 T05 T06 T07 T08 T09 T10 T11 T12 T13 T14 T15 T16 T17 T18 T19 T20 T21 T22 T23 T24 T25 T26 T28 T31 T32 T33 T34 T35 T38 T39
	T40 T41 T42 T43 T44 T45 T46 T47 T48 T53 T55 T56 T57 T58 T59 T60 T61 T62 T63 T64 T65 T66 T67 T68 T69 T70 T71 T73 T74 T75 T76 T77 T78 T79 T80
	T81 T82 T83 T84 T87 T90`.split(/\s+/);

describe('a company that shares nothing with the sample but the format', () => {
	it.each([1, 2, 3])('is clean in every test that can be made, its logs verified (seed %i)', async (seed) => {
		const result = await auditZip(otherDrop(seed, 320));
		expect(reports(result)).toEqual([]);
		expect(Object.values(result.integrity).map(({ verdict }) => verdict)).toEqual(['verified', 'verified']);
		expect(result.ipe.filter(({ verdict }) => verdict !== 'as_declared')).toEqual([]);
		expect(result.documents).toMatchObject({ missing: [], altered: [] });
		// T50 needs a limit, which only a person can give.
		expect(verdictsOf(result, 'not_testable')).toEqual(['T50']);
		expect(result.tests.length).toBe(90);
		expect(['T01', 'T23']).toEqual(expect.arrayContaining(verdictsOf(result, 'incomplete')));
	});

	it.each([1, 2, 3])('gives up every anomaly a stranger planted (seed %i)', async (seed) => {
		const { files, planted } = plantedDrop(seed, 400);
		const result = await auditZip(files);
		expect(planted.filter((plant) => !isFound(result, plant))).toEqual([]);
		expect(TESTED.filter((test) => planted.filter((plant) => plant.test === test).length < 2)).toEqual([]);
	});

	it('gives up what a second stranger planted at the edges, its logs verified', async () => {
		const { files, planted } = plantedAgain(6, 400);
		const result = await auditZip(files);
		expect(planted.filter((plant) => !isFound(result, plant))).toEqual([]);
		expect(Object.values(result.integrity).map(({ verdict }) => verdict)).toEqual(['verified', 'verified']);
	});

	it('reads the same from a folder and from a ZIP of it', async () => {
		const files = otherDrop(4, 150, [], { trading: ({ tables }) => tables['shipment']?.splice(20, 5) });
		const [folder, zip] = [await auditFolder(files), await auditZip(files)];
		expect(zip.tests.map(({ result_sha256 }) => result_sha256)).toEqual(folder.tests.map(({ result_sha256 }) => result_sha256));
		expect(zip).toEqual(folder);
	});

	it('without a feed or holds has tests that cannot be made, and says which table is missing', async () => {
		const result = await auditZip(otherDrop(5, 150, ['feed_message', 'hold']));
		expect(reports(result)).toEqual([]);
		expect(verdictsOf(result, 'not_testable')).toEqual(expect.arrayContaining(['T18', 'T65']));
		const why = (id: string) => result.tests.find(({ test }) => test === id)?.why ?? '';
		expect(why('T18')).toContain('hold');
		expect(why('T65')).toContain('hold');
	});
});
