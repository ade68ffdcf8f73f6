/** A pack whose verdicts rest on what the workstation had seen before: it says so, and comes out again elsewhere. */
import { expect, it } from 'vitest';
import { replayPack } from '../../../electron/services/replayPack.ts';
import { cleanDrop } from './cleanDrop.ts';
import { addCheckpoints, dropCheckpoints, linesOf, putLines } from './dropWriter.ts';
import { imported, TRUSTED } from './memorySource.ts';
import { packFiles } from './packedSample.ts';

const TABLE = 'order_event';

it('a log that was rolled back since it was last seen is truncated in the pack, and in its replay', async () => {
	const head = (await imported(cleanDrop(1))).sealed.get(TABLE)?.verification.head;
	if (!head) throw new Error('a clean drop has a head');
	const files = cleanDrop(1);
	const lines = linesOf(files, TABLE).slice(0, -4);
	dropCheckpoints(files, TABLE);
	putLines(files, TABLE, lines);
	addCheckpoints(files, TABLE);
	const packed = await packFiles(files, { trustedKeys: [TRUSTED], previousHeads: [head] });
	expect(packed.audited.result.integrity[TABLE]?.verdict).toBe('truncated');
	expect(packed.manifest['drop']).toMatchObject({ seen_heads: [head] });
	const { replay, codes } = await replayPack(packed.files, packed.manifest);
	expect([codes, replay?.different]).toEqual([[], []]);
});

it('a log that only grew leaves no trace in the pack', async () => {
	const head = (await imported(cleanDrop(1))).sealed.get(TABLE)?.verification.head;
	const packed = await packFiles(cleanDrop(1), { trustedKeys: [TRUSTED], previousHeads: head ? [head] : [] });
	expect(packed.manifest['drop']).not.toHaveProperty('seen_heads');
});
