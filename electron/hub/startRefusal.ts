/** Why the hub does not start. It never runs on what it can't vouch for, so these end the process with one sentence. */
export type StartRefusalCode =
	/** No database answers, or it refuses the account. */
	| 'database_unreachable'
	/** A later version of the hub has migrated the database. */
	| 'database_newer'
	/** A migration is recorded with other statements than this version has. */
	| 'database_differs'
	/** Another process works on the folder. */
	| 'folder_in_use'
	/** The master key is missing though sealed data exists, is malformed, readable by others, or not the one that sealed the data. */
	| 'master_key'
	/** Signed head, log files and database contradict each other in a way no repair can settle. */
	| 'log_contradicts'
	/** A certificate or key file for TLS can't be read. */
	| 'tls_files'
	/** The configuration of an identity provider does not read. */
	| 'oidc_file'
	/** The address is taken, or not this machine's. */
	| 'listen';

/** Thrown while the hub is being opened. */
export class StartRefusal extends Error {
	readonly code: StartRefusalCode;

	/** @param message one sentence: what, where, how to mend it; no secret and no data */
	constructor(message: string, { code, ...options }: ErrorOptions & { readonly code: StartRefusalCode }) {
		super(message, options);
		this.name = 'StartRefusal';
		this.code = code;
	}
}
