/**
 * Records with all that is needed to check them elsewhere with public tools: stored lines, paths to signed heads, the heads, the log's key, and
 * how to go about it. Equal inputs give equal files.
 */
import { formatVerifierKey, type VerifierKey } from '#evidence';
import { compareText, concatBytes, fromHex, sha256Hex, toBase64, utf8 } from '#kernel';
import type { BundleInput, BundleLine } from './bundleInput.ts';
import { bundleReadme } from './bundleReadme.ts';
import { VERIFY_SCRIPT } from './bundleScript.ts';
import type { EventProof } from './proof.ts';

export interface BundleFile {
	readonly path: string;
	readonly bytes: Uint8Array;
}

/** The files of a bundle, in the order of their paths; `SHA256SUMS` covers all others. */
export function verifierBundle(input: BundleInput): readonly BundleFile[] {
	const heads = headsOf(input);
	const keys = input.keys.filter(({ key }) => heads.some(({ signer }) => signer === keyName(key)));
	const files: BundleFile[] = [
		text(
			'README.txt',
			bundleReadme(
				input,
				keys.map(({ key, origin }) => ({ vkey: formatVerifierKey(key), origin })),
			),
		),
		text('verify.sh', VERIFY_SCRIPT),
		{ path: 'manifest.json', bytes: input.manifestBytes },
		text('heads.list', heads.map(({ name, signer }) => `${name} ${signerFields(signer)}\n`).join('')),
		text('lines.list', input.lines.map((line) => listed(line, input.isWholeChain, heads)).join('')),
		...heads.map(({ name, bytes }) => ({ path: name, bytes })),
		...input.lines.flatMap(lineFiles),
		...keys.flatMap(({ key }) => [
			text(`keys/${key.keyId}.pem`, pemOf(key)),
			text(`keys/${key.keyId}.vkey`, `${formatVerifierKey(key)}\n`),
		]),
	];
	const ordered = files.sort((a, b) => compareText(a.path, b.path));
	return [...ordered, text('SHA256SUMS', ordered.map(({ path, bytes }) => `${sha256Hex(bytes)}  ${path}\n`).join(''))];
}

interface BundleHead {
	/** Path in the drop. */
	readonly path: string;
	/** Path in the bundle. */
	readonly name: string;
	readonly bytes: Uint8Array;
	/** Name and id of the key that signed it, as a proof names it; null: nobody that is known. */
	readonly signer: string | null;
}

/** The heads that lines lead to, named by table and size. Two of one size are told apart by a number. */
function headsOf({ lines, checkpoints }: BundleInput): BundleHead[] {
	const heads = new Map<string, BundleHead>();
	const taken = new Set<string>();
	for (const { proof } of lines) {
		const file = checkpoints.find(({ path }) => path === proof.head?.path);
		if (!isProved(proof) || !proof.head || !file || heads.has(file.path)) continue;
		const stem = `heads/${proof.table}/${proof.head.size}`;
		let name = `${stem}.txt`;
		for (let number = 2; taken.has(name); number++) name = `${stem}-${number}.txt`;
		taken.add(name);
		heads.set(file.path, { path: file.path, name, bytes: file.bytes, signer: proof.head.key });
	}
	return [...heads.values()];
}

/** The steps lead from the line to the head. Who signed it is a question of its own, which the bundle leaves to whoever checks it. */
const isProved = ({ verdict }: EventProof): boolean => verdict === 'included' || verdict === 'claimed' || verdict === 'unsigned';

const keyName = ({ name, keyId }: VerifierKey): string => `${name}+${keyId}`;

/** Id and name, as `verify.sh` reads them; a dash where no known key signed. */
function signerFields(signer: string | null): string {
	const at = signer?.lastIndexOf('+') ?? -1;
	return signer === null || at < 0 ? '- -' : `${signer.slice(at + 1)} ${signer.slice(0, at)}`;
}

function listed({ proof }: BundleLine, isWholeChain: boolean, heads: readonly BundleHead[]): string {
	const head = isProved(proof) ? heads.find(({ path }) => path === proof.head?.path) : undefined;
	return `${proof.table} ${proof.line} ${head?.name ?? '-'} ${isWholeChain ? 'chained' : 'single'}\n`;
}

function lineFiles({ proof, bytes }: BundleLine): BundleFile[] {
	const { table, line, steps, tlogProof } = proof;
	const stored = { path: `lines/${table}/${line}.json`, bytes };
	if (!isProved(proof)) return [stored];
	return [
		stored,
		text(`proofs/${table}/${line}.path`, steps.map(({ side, sibling }) => `${side} ${sibling}\n`).join('')),
		...(tlogProof === null ? [] : [text(`proofs/${table}/${line}.tlog-proof`, tlogProof)]),
	];
}

/** RFC 8410 §4: an Ed25519 key as SubjectPublicKeyInfo is this prefix and its 32 bytes. */
const SPKI_ED25519 = '302a300506032b6570032100';

const pemOf = ({ publicKey }: VerifierKey): string =>
	`-----BEGIN PUBLIC KEY-----\n${toBase64(concatBytes(fromHex(SPKI_ED25519) ?? new Uint8Array(0), publicKey))}\n-----END PUBLIC KEY-----\n`;

const text = (path: string, content: string): BundleFile => ({ path, bytes: utf8(content) });
