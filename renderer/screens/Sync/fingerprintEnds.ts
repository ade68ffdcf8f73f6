/** Comparing a policy's fingerprint with the one on paper: its ends are not shown, so that they can only come from there. */

/** The 16 groups of four hex digits. */
export const groupsOf = (fingerprint: string): readonly string[] => fingerprint.split(' ');

export type FingerprintVerdict = 'empty' | 'partial' | 'differs' | 'agrees';

/** What was typed of the first and last group, against the fingerprint of what the hub claims. */
export function compareEnds(fingerprint: string, first: string, last: string): FingerprintVerdict {
	const groups = groupsOf(fingerprint);
	const [typedFirst, typedLast] = [clean(first), clean(last)];
	if (typedFirst === '' && typedLast === '') return 'empty';
	const [head = '', tail = ''] = [groups[0], groups.at(-1)];
	if (!head.startsWith(typedFirst) || !tail.startsWith(typedLast)) return 'differs';
	return typedFirst === head && typedLast === tail ? 'agrees' : 'partial';
}

const clean = (typed: string): string => typed.trim().toLowerCase();
