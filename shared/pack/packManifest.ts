/** The manifest of a pack: every embedded file with its hash, and who has to sign. It is itself embedded as `manifest.json`. */
import { canonicalFault, canonicalize, err, fromUtf8, isSha256Hex, ok, type Result, type Sha256Hex, utf8 } from '#kernel';

export const MANIFEST_NAME = 'manifest.json';
export const MANIFEST_FORMAT = 'tieout-pack/1';

export interface ManifestFile {
	/** The attachment's name: flat ASCII, so that every tool can save it. */
	readonly name: string;
	/** Where the file belongs when the pack is unpacked; may have folders. */
	readonly path: string;
	readonly sha256: Sha256Hex;
	/** Bytes. */
	readonly size: number;
	readonly mime: string;
}

export interface ManifestRole {
	readonly field: string;
	readonly required: boolean;
}

export interface PackManifest {
	readonly format: typeof MANIFEST_FORMAT;
	readonly pack_id: string;
	readonly created: string;
	/** Sorted by name; the manifest itself is not among them. */
	readonly files: readonly ManifestFile[];
	readonly roles: readonly ManifestRole[];
	/** Further keys are the pack's own business: tool, engagement, snapshot. */
	readonly [key: string]: unknown;
}

/** The manifest's bytes: canonical JSON (RFC 8785), so that its hash can be recomputed and no key can stand twice. */
export const encodeManifest = (manifest: PackManifest): Uint8Array<ArrayBuffer> => utf8(canonicalize(manifest));

export interface ManifestFault {
	readonly code: 'manifest_unreadable' | 'manifest_not_canonical' | 'attachment_duplicate';
	readonly detail: string;
}

const MAX_DEPTH = 32;
const FLAT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

/** Reads a manifest strictly: canonical bytes, the format's name, flat and unique file names, well-formed hashes. */
export function parseManifest(bytes: Uint8Array): Result<PackManifest, ManifestFault> {
	const unreadable = (detail: string) => err({ code: 'manifest_unreadable', detail } as const);
	const text = fromUtf8(bytes);
	if (text === null) return unreadable('not UTF-8');
	if (isTooDeep(bytes)) return unreadable(`nested more than ${MAX_DEPTH} levels deep`);
	const fault = canonicalFault(bytes);
	if (fault === 'not_canonical') return err({ code: 'manifest_not_canonical', detail: 'its bytes are not its canonical form' });
	if (fault !== null) return unreadable(fault);
	const value: unknown = JSON.parse(text);
	if (!isRecord(value) || value['format'] !== MANIFEST_FORMAT) return unreadable(`its format is not ${MANIFEST_FORMAT}`);
	const { pack_id: packId, created, files, roles } = value;
	if (typeof packId !== 'string' || typeof created !== 'string') return unreadable('no pack_id or created');
	if (!Array.isArray(files) || !files.every(isFile)) return unreadable('its list of files');
	if (!Array.isArray(roles) || !roles.every(isRole)) return unreadable('its list of roles');
	const names = new Set(files.map(({ name }) => name));
	if (names.size !== files.length || names.has(MANIFEST_NAME))
		return err({ code: 'attachment_duplicate', detail: 'the manifest lists a name twice, or itself' });
	return ok(value as unknown as PackManifest);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function isFile(value: unknown): value is ManifestFile {
	if (!isRecord(value)) return false;
	const { name, path, sha256, size, mime } = value;
	return (
		typeof name === 'string' &&
		FLAT_NAME.test(name) &&
		typeof path === 'string' &&
		!path.split('/').includes('..') &&
		typeof sha256 === 'string' &&
		isSha256Hex(sha256) &&
		typeof size === 'number' &&
		size >= 0 &&
		typeof mime === 'string'
	);
}

const isRole = (value: unknown): value is ManifestRole =>
	isRecord(value) && typeof value['field'] === 'string' && typeof value['required'] === 'boolean';

/** Counts brackets outside strings before anything recursive looks at the text. */
function isTooDeep(bytes: Uint8Array): boolean {
	let depth = 0;
	let inString = false;
	for (let i = 0; i < bytes.length; i++) {
		const byte = bytes[i];
		if (inString) {
			if (byte === 0x5c) i++;
			else if (byte === 0x22) inString = false;
		} else if (byte === 0x22) inString = true;
		else if (byte === 0x7b || byte === 0x5b) {
			if (++depth > MAX_DEPTH) return true;
		} else if (byte === 0x7d || byte === 0x5d) depth--;
	}
	return false;
}
