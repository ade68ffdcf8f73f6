/** Proofs and checkpoints of a pack against an attacker who signs it anew: the log of this drop is sound, and its results say so. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { CheckCode } from '#pack';
import { LOG_SIGNER, signer } from '../../electron/services/dropWriter.ts';
import { TRUSTED } from '../../electron/services/memorySource.ts';
import { brokenDrop, type Packed, packFiles } from '../../electron/services/packedSample.ts';
import { editLine, Forgery } from './evidenceForgery.ts';

let packed: Packed;
beforeAll(async () => {
	packed = await packFiles(brokenDrop(), { trustedKeys: [TRUSTED] });
});

const firstProof = 'proof__order_event.json';

describe('caught without a replay', () => {
	it.each<readonly [string, CheckCode, (forgery: Forgery) => unknown]>([
		[
			'a sealed line edited with its hashes',
			'proof_invalid',
			(forgery) => editLine(forgery, 'order_event', /"source_seq":\d+/, '"source_seq":7', true),
		],
		[
			'the same, with its proof taken away',
			'evidence_missing',
			(forgery) => editLine(forgery, 'order_event', /"source_seq":\d+/, '"source_seq":7', true).files.delete(firstProof),
		],
		[
			'all checkpoints of a table called verified taken away, with its proof',
			'evidence_missing',
			(forgery) => forgery.without(/checkpoints__order_event|proof__order_event/),
		],
		[
			'a checkpoint with another root under the old signature',
			'checkpoint_invalid',
			(forgery) => {
				const name = [...forgery.files.keys()].find((one) => one.includes('checkpoints__revenue_event')) as string;
				forgery.put(name, forgery.text(name).replace(/\n[A-Za-z0-9+/]{43}=\n/, `\n${Buffer.alloc(32).toString('base64')}\n`));
			},
		],
	])('%s', (_, code, forge) => {
		const forgery = new Forgery(packed);
		forge(forgery);
		expect(forgery.codes()).toContain(code);
	});
	it('a checkpoint swapped for one of the attacker’s own key is not the log’s, once the key is given', () => {
		const forgery = new Forgery(packed);
		const { checkpoint } = JSON.parse(forgery.text(firstProof)) as { checkpoint: string };
		const [origin = '', size = '', root = ''] = forgery.text(checkpoint).split('\n');
		const own = signer('mallory.example', 'mine').checkpoint(origin, Number(size), Buffer.from(root, 'base64'));
		forgery.put(checkpoint, own.toString('utf8'));
		expect(forgery.codes([LOG_SIGNER.vkey])).toContain('log_key_untrusted');
	});
	it('of the same forgery without a key the check knows nothing, and says that it has not judged', () => {
		const forgery = new Forgery(packed);
		expect([packed.report.log_trust, forgery.codes([LOG_SIGNER.vkey])]).toEqual(['not_judged', []]);
	});
});
