/** Why a drop can't be read at all. Closed: each code has one sentence that says what, where and how to mend it. */
import { type ManifestErrorCode, printable } from '#evidence';

export type DropErrorCode =
	| ManifestErrorCode
	| 'not_found'
	| 'not_readable'
	| 'not_a_drop'
	| 'manifest_missing'
	| 'table_file_missing'
	| 'line_too_long'
	| 'file_too_large'
	| 'too_many_files'
	| 'unsafe_name'
	| 'duplicate_name'
	| 'link'
	| 'not_a_regular_file'
	| 'zip_damaged'
	| 'zip_encrypted'
	| 'zip_unsupported'
	| 'zip_bomb'
	| 'zip_mismatch'
	| 'zip_overlap'
	| 'zip_crc'
	| 'cancelled';

export interface DropError {
	readonly code: DropErrorCode;
	/** Path inside the drop, or of the drop itself. */
	readonly path: string;
	/** One line: what, where, how to mend. */
	readonly message: string;
}

export const dropError = (code: DropErrorCode, path: string, message: string): DropError => ({ code, path, message });

/** Carries a `DropError` out of a stream that is being read; caught where the reading began and turned back into a value. */
export class DropFailure extends Error {
	readonly error: DropError;
	constructor(error: DropError) {
		super(error.message);
		this.error = error;
	}
}

export function failDrop(code: DropErrorCode, path: string, message: string): never {
	throw new DropFailure(dropError(code, path, message));
}

/** A name as it may be printed, cut. */
export function showName(name: string): string {
	const plain = printable(name);
	return plain.length > 120 ? `${plain.slice(0, 117)}…` : plain;
}
