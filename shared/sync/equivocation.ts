/**
 * Two heads of one log, both signed by its key, that no single history can have. The pair proves by itself, to anybody who has the key, that
 * the log was shown in two histories; which of them is to be believed is for people to find out.
 */
import { formatVerifierKey, type VerifyEd25519 } from '#evidence';
import { err, ok, type Result, sha256Hex, utf8 } from '#kernel';
import { judgeNote, type PinnedHead } from './judgeHead.ts';
import type { Equivocation, SyncStop } from './syncStop.ts';
import type { TrustPolicy } from './trustPolicy.ts';

export interface JudgedEquivocation {
	readonly seen: PinnedHead;
	readonly shown: PinnedHead;
	/** `<name>+<key id>` of the key under the head that was shown. */
	readonly key: string;
}

/** A name for the pair, the same on every copy of an engagement. */
export const equivocationId = ({ seen, shown }: Equivocation): string => sha256Hex(utf8(`${seen}\u0000${shown}`)).slice(0, 16);

/** Whether the pair is a proof under these keys; else the stop says what is amiss, or null where the two heads may be one history's. */
export function judgeEquivocation(
	{ feed, seen, shown }: Equivocation,
	policy: TrustPolicy,
	verify?: VerifyEd25519,
): Result<JudgedEquivocation, SyncStop | null> {
	// Witnesses vouch for one history; that the log's key signed two needs none.
	const keysAlone = { ...policy, quorum: 0 };
	const [first, second] = [judgeNote(seen, feed, keysAlone, verify), judgeNote(shown, feed, keysAlone, verify)];
	if (!first.ok) return first;
	if (!second.ok) return second;
	const isFork = first.value.head.size === second.value.head.size && first.value.head.root !== second.value.head.root;
	return isFork ? ok({ seen: first.value.head, shown: second.value.head, key: second.value.key }) : err(null);
}

/** The proof as a file for a third party: both notes as they were signed, the keys, and how to check it without this program. */
export function equivocationProof({ feed, seen, shown }: Equivocation, policy: TrustPolicy): string {
	return `${JSON.stringify(
		{
			format: 'tieout-equivocation/1',
			log: `${policy.log}/${feed}`,
			keys: policy.keys.map(({ key }) => formatVerifierKey(key)),
			seen,
			shown,
			check: [
				'Each of `seen` and `shown` is a signed note (C2SP signed-note): a text of origin, size and root, an empty line, signatures.',
				'Take the key of the log from the company, by another way than this file, and compare it with `keys`.',
				'Verify the Ed25519 signature of that key over each text, its last line feed included.',
				'Both name the same origin and the same size, and two roots. A log that only grows has one root at each size: its key signed two histories.',
			],
		},
		null,
		2,
	)}\n`;
}
