/** What render, signer and verifier agree on about a pack's signature dictionaries. */

export type SignatureRole = 'Preparer' | 'Reviewer';
export const SIGNATURE_ROLES: readonly SignatureRole[] = ['Preparer', 'Reviewer'];

/** Bytes reserved for a CMS signature: a B-B one takes about 4 kB, with a timestamp about 8 kB. */
export const CONTENTS_BYTES = 12_288;

/** Ten digits, the widest offset an xref table can hold: what a ByteRange shows until it is known. */
export const PLACEHOLDER_NUMBER = 9_999_999_999;

/** The longest texts of a signature dictionary, in UTF-16 code units. */
export const SIGNATURE_TEXT_LIMITS = { M: 25, Name: 96, Reason: 200, Location: 96 } as const;
export type SignatureText = keyof typeof SIGNATURE_TEXT_LIMITS;

/** Hex digits that hold any text of `units` code units as UTF-16BE with its mark. */
export const textPlaceholderDigits = (units: number): number => 4 * units + 4;

const isPlain = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

/** A PDF text string token (ISO 32000-1 §7.9.2.2): a literal where ASCII does, else UTF-16BE in hex. */
export function pdfTextToken(text: string): string {
	if (isPlain(text) && text.length > 0) return `(${text.replace(/[\\()]/g, '\\$&')})`;
	let hex = 'feff';
	for (let i = 0; i < text.length; i++) hex += text.charCodeAt(i).toString(16).padStart(4, '0');
	return `<${hex}>`;
}

/** A PDF date of an instant in milliseconds, in UTC: `D:20260115100000+00'00'` (ISO 32000-1 §7.9.4). */
export const pdfDate = (instant: number): string => `D:${new Date(instant).toISOString().slice(0, 19).replace(/[-T:]/g, '')}+00'00'`;

const PDF_DATE = /^D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z)(?:00'?00'?)?|([+-])(\d\d)'?(\d\d)?'?)?$/;

/** Milliseconds of a PDF date, or null when it is none. A date without a zone is read as UTC. */
export function parsePdfDate(text: string): number | null {
	const match = PDF_DATE.exec(text);
	if (match === null) return null;
	const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', , sign, zoneHour = '00', zoneMinute = '00'] = match;
	const local = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`);
	if (Number.isNaN(local)) return null;
	const offset = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000;
	return sign === '-' ? local + offset : local - offset;
}
