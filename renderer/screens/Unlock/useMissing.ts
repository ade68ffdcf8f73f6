/** Which engagements this machine held that its store holds no longer, and the way to be told no more. */
import { useCallback, useEffect, useState } from 'react';
import { forgetEngagements, missingEngagements } from '../../state/seenEngagements.ts';

/** @param present ids of the engagements in the store, without the sample */
export function useMissing(present: readonly string[]): { readonly missing: readonly string[]; readonly forget: () => void } {
	const [missing, setMissing] = useState<readonly string[]>([]);
	const listed = present.join(' ');
	useEffect(() => setMissing(missingEngagements(listed === '' ? [] : listed.split(' '))), [listed]);
	const forget = useCallback(() => {
		forgetEngagements(missing);
		setMissing([]);
	}, [missing]);
	return { missing, forget };
}
