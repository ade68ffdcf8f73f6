import { afterEach, describe, expect, it, vi } from 'vitest';
import { chooseFileToWrite, fileReader } from '../../../renderer/app/fileStreams.ts';

const MIB = 1024 * 1024;

interface Write {
	readonly offset: number;
	readonly length: number;
	readonly isLast: boolean;
}

/** A bridge that notes what is written, and may refuse from some byte on. */
function fakeBridge({ fullAt = Number.POSITIVE_INFINITY, isCancelled = false } = {}) {
	const writes: Write[] = [];
	const released: unknown[] = [];
	const invoke = (channel: string, request: Record<string, unknown>) => {
		if (channel === 'file.chooseToSave') return { ok: true, value: isCancelled ? null : { fileToken: 't', name: 'b.tieout' } };
		if (channel === 'file.release') released.push(request['fileToken']);
		if (channel === 'file.read') return { ok: true, value: { bytes: new Uint8Array(Number(request['length'])) } };
		if (channel !== 'file.write') return { ok: true, value: {} };
		const [offset, { length }] = [Number(request['offset']), request['bytes'] as Uint8Array];
		if (offset + length > fullAt) return { ok: false, error: { code: 'cannot_write', message: 'No room.', reason: null, path: null } };
		writes.push({ offset, length, isLast: Boolean(request['isLast']) });
		return { ok: true, value: { written: offset + length, sha256: request['isLast'] ? 'a'.repeat(64) : null } };
	};
	vi.stubGlobal('window', {
		tieout: { invoke: (channel: string, request: Record<string, unknown>) => Promise.resolve(invoke(channel, request)) },
	});
	return { writes, released };
}

afterEach(() => vi.unstubAllGlobals());

const target = async () => {
	const chosen = await chooseFileToWrite('b.tieout', 'backup');
	if (!chosen.ok || chosen.value === null) throw new Error('nothing was chosen');
	return chosen.value;
};

describe('a file written as it is made', () => {
	it('goes piece by piece without gaps, and takes its name with the last one', async () => {
		const { writes, released } = fakeBridge();
		const file = await target();
		await file.write(new Uint8Array(10));
		await file.write(new Uint8Array(9 * MIB));
		expect(await file.finish()).toEqual({ ok: true, value: { name: 'b.tieout', size: 9 * MIB + 10, sha256: 'a'.repeat(64) } });
		expect(writes.map(({ length }) => length)).toEqual([10, 4 * MIB, 4 * MIB, MIB, 0]);
		expect(writes.every(({ offset }, i) => offset === writes.slice(0, i).reduce((sum, { length }) => sum + length, 0))).toBe(true);
		expect(writes.map(({ isLast }) => isLast)).toEqual([false, false, false, false, true]);
		expect(released).toEqual(['t']);
	});

	it('says why where the disk takes no more, and is let go of', async () => {
		const { released } = fakeBridge({ fullAt: 5 });
		const file = await target();
		expect(await file.write(new Uint8Array(10))).toEqual({ ok: false, error: { code: 'storage_failed', message: 'No room.' } });
		await file.abandon();
		expect(released).toEqual(['t']);
	});

	it('is none where the dialog is cancelled', async () => {
		fakeBridge({ isCancelled: true });
		expect(await chooseFileToWrite('b.tieout', 'backup')).toEqual({ ok: true, value: null });
	});
});

it('a chosen file is read in pieces no larger than one message', async () => {
	fakeBridge();
	const answer = await fileReader({ fileToken: 't' })(0, 9 * MIB);
	expect(answer.ok && answer.value.length).toBe(4 * MIB);
});
