/** Reading embedded JSON that nobody vouches for: every field may be anything. */
import { fromUtf8 } from '#kernel';

export type Files = ReadonlyMap<string, Uint8Array>;
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The objects in what should be a list. */
export const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

/** Null where the bytes are no JSON object. */
export function parseObject(bytes: Uint8Array): Fields | null {
	try {
		const value: unknown = JSON.parse(fromUtf8(bytes) ?? '');
		return isFields(value) ? value : null;
	} catch {
		return null;
	}
}
