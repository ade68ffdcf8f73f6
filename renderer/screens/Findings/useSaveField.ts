/** Puts a field of a finding into the log. */
import { useCallback } from 'react';
import type { FindingField } from '#findings';
import { notify } from '../../app/notify.ts';
import { useVault } from '../../app/vault.ts';
import type { FindingView } from '../../vault/findingsApi.ts';

/** Saves the field; false where it was refused, which a message says. */
export function useSaveField({ findingId }: FindingView, field: FindingField): (text: string) => Promise<boolean> {
	const vault = useVault();
	return useCallback(
		async (text: string): Promise<boolean> => {
			const done = await vault.findings.edit(findingId, field, text);
			if (!done.ok) notify({ tone: 'failed', message: done.error.message });
			return done.ok;
		},
		[vault, findingId, field],
	);
}
