/** Disclosures that come with a sealed record (RFC 9901 construction): each must open one of its commitments. */
import { fromBase64Url, fromUtf8, type Json, sha256, toBase64Url, utf8 } from '#kernel';

/** @returns what is wrong, in words; null if every disclosure opens a commitment of `sd` that no other one opens */
export function openCommitments(sd: Json, disclosures: readonly string[]): string | null {
	const opened = new Set<string>();
	for (const [index, disclosure] of disclosures.entries()) {
		const where = `disclosure ${index + 1}`;
		const name = nameOf(disclosure);
		if (name === null) return `${where} is no base64url of [salt, name, value]`;
		const committed = typeof sd === 'object' && sd !== null ? (sd as Readonly<Record<string, Json>>)[name] : undefined;
		if (committed !== toBase64Url(sha256(utf8(disclosure)))) return `${where} is not what sd commits to`;
		if (opened.has(name)) return `${where} repeats a field`;
		opened.add(name);
	}
	return null;
}

/** The field a disclosure is about; null if it is none. */
function nameOf(disclosure: string): string | null {
	const bytes = fromBase64Url(disclosure);
	const text = bytes && fromUtf8(bytes);
	if (!text) return null;
	try {
		const parts: unknown = JSON.parse(text);
		return Array.isArray(parts) && parts.length === 3 && typeof parts[0] === 'string' && typeof parts[1] === 'string' ? parts[1] : null;
	} catch {
		return null;
	}
}
