/** What looking up a token comes to, whoever gave it out. */
import type { Principal } from '../principal.ts';

/** Somebody a token stands for. */
export interface Known {
	readonly principal: Principal;
	/** Milliseconds since 1970; null: until it is withdrawn. */
	readonly expiresAt: number | null;
}
