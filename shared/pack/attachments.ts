/** Embedded files: names every tool can save under, in one order, each with its hash. */
import { compareText, invariant, type Sha256Hex, sha256Hex } from '#kernel';
import { MANIFEST_NAME } from './packManifest.ts';
import type { PackAttachment } from './planInput.ts';

export interface HashedAttachment extends PackAttachment {
	readonly sha256: Sha256Hex;
}

const NAME_MAX = 120;

/**
 * A flat ASCII name: folders become "__", everything that is no letter, digit, point or dash becomes "-".
 * `pdfdetach -saveall` writes nothing at all when a name has a slash in it.
 * @param used names already given; the new one is added
 */
export function flatName(path: string, used: Set<string>): string {
	const ascii = path
		.normalize('NFKD')
		.replaceAll('/', '__')
		.replace(/[^A-Za-z0-9._-]+/g, '-')
		.replace(/^[^A-Za-z0-9]+/, '');
	const [stem, extension] = splitExtension(ascii === '' ? 'file' : ascii);
	const room = NAME_MAX - extension.length - 5;
	let name = `${stem.slice(0, room)}${extension}`;
	for (let n = 2; used.has(name.toLowerCase()); n++) name = `${stem.slice(0, room)}-${n}${extension}`;
	used.add(name.toLowerCase());
	return name;
}

function splitExtension(name: string): readonly [string, string] {
	const match = /^(.+?)(\.[A-Za-z0-9]{1,8})$/.exec(name);
	return [match?.[1] ?? name, match?.[2] ?? ''];
}

/** Sorted by name, each hashed. Two of one name, or one with the manifest's, are a bug of the caller. */
export function hashAttachments(
	attachments: readonly PackAttachment[],
	hash: (bytes: Uint8Array) => string = sha256Hex,
): readonly HashedAttachment[] {
	const sorted = attachments
		.map((attachment) => ({ ...attachment, sha256: hash(attachment.bytes) as Sha256Hex }))
		.sort((a, b) => compareText(a.name, b.name));
	for (const [i, { name }] of sorted.entries()) {
		invariant(/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(name), `the attachment name ${name} is flat ASCII`);
		invariant(name !== MANIFEST_NAME && name !== sorted[i - 1]?.name, `the attachment name ${name} is given once`);
	}
	return sorted;
}
