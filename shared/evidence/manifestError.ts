/** Why a manifest is refused: closed codes, each with one sentence. */
import { printable } from './printable.ts';

export type ManifestErrorCode =
	| 'manifest_too_large'
	| 'manifest_not_utf8'
	| 'manifest_not_json'
	| 'manifest_duplicate_key'
	| 'manifest_unsafe_number'
	| 'manifest_wrong_format'
	| 'manifest_missing_value'
	| 'manifest_wrong_type'
	| 'manifest_bad_value'
	| 'manifest_bad_path'
	| 'manifest_duplicate_table'
	| 'manifest_duplicate_file';

export interface ManifestError {
	readonly code: ManifestErrorCode;
	/** Path of the value, such as `tables[3].sha256`; empty for the file as a whole. */
	readonly where: string;
	/** One sentence: what, where, how to mend. */
	readonly message: string;
}

const MEND = 'Ask the company to extract the drop again.';

export const refusal = (code: ManifestErrorCode, where: string, what: string, mend = MEND): ManifestError => ({
	code,
	where,
	message: printable(`manifest.json${where === '' ? '' : `, ${where}`}: ${what}. ${mend}`),
});

/** Thrown and caught inside the reading of a manifest only, so that the reading below can be written straight. */
export class Refused extends Error {
	readonly error: ManifestError;
	constructor(error: ManifestError) {
		super(error.message);
		this.error = error;
	}
}

export const refuse = (code: ManifestErrorCode, where: string, what: string, mend = MEND): never => {
	throw new Refused(refusal(code, where, what, mend));
};
