/** What both keys sign when one takes over from the other. */
import { canonicalize } from '#kernel';
import type { LogSizes } from '../keys/logKeys.ts';

export interface Rotation {
	readonly log: string;
	/** vkeys */
	readonly old: string;
	readonly fresh: string;
	readonly from: LogSizes;
}

/** Begins with words that no checkpoint begins with, so that neither signature can be taken for one of the other kind. */
export const rotationText = ({ log, old, fresh, from }: Rotation): string =>
	`tieout-hub key rotation/1\n${log}\n${old}\n${fresh}\n${canonicalize(from)}\n`;
