/** Roles as people read them. */
import type { Role } from '#findings';
import { useSummary } from './useSummary.ts';

export const ROLE_WORDS: Readonly<Record<Role, string>> = {
	preparer: 'Preparer',
	reviewer: 'Reviewer',
	partner: 'Partner',
	compliance: 'Compliance',
	readonly: 'Read-only',
};

/** The role of who is unlocked; the least until it is known. The vault decides anyway. */
export const useRole = (): Role => useSummary()?.role ?? 'readonly';
