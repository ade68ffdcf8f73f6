/** What leaves the vault: let out by the role, put on record once it was written. */
import type { Answer, VaultContext } from './contract.ts';
import { letOut } from './letOut.ts';
import { doActs, onEngagement } from './onEngagement.ts';
import { refuse } from './vaultError.ts';

export function exportsApi(context: VaultContext) {
	return {
		/** Before a list that the window has gathered is written. Answers the id that `written` takes. */
		begin: (what: string, rows: number): Promise<Answer<string>> =>
			onEngagement(context, (engagement) => letOut(engagement, context.randomId(), { what, rows, sha256: null })),

		/**
		 * After the file was written and read back, or the clipboard has taken the text: the act on record. Never for what was cancelled.
		 * @param sha256 of the file as it was read back
		 */
		written: (exportId: string, sha256: string): Promise<Answer<void>> =>
			onEngagement(context, (engagement) => {
				const leaving = engagement.exports.take(exportId);
				if (leaving === null)
					return refuse('not_found', 'This export is on record already, or was begun before the engagement was locked.');
				return doActs(engagement, { type: 'evidence.exported', ...leaving, sha256: leaving.sha256 ?? sha256 });
			}),
	};
}
