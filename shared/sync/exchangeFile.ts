/**
 * The exchange file: work papers handed over without a network, laptop to laptop or laptop to hub, either way. What is in it is merged as
 * anything else is.
 *
 * ```
 * TIEOUT-EXCHANGE/1 LF │ length (4) │ header (JSON, in the clear) │ sealed: AES-256-GCM over
 *                                      { length (4) │ content (JSON) │ signature (64) │ memberId }
 * ```
 *
 * The key comes from a transfer passphrase by Argon2id; all that stands before the sealed part is bound to it as associated data. The
 * signature is the sending member's Ed25519 over `tieout-exchange/1 ` and the hexadecimal SHA-256 of the content.
 */

import { z } from 'zod';
import { concatBytes, equalBytes, err, fromBase64, fromUtf8, ok, type Result, sha256Hex, utf8 } from '#kernel';
import { type ExchangeContent, exchangeContentSchema } from './exchangeContent.ts';

export interface ExchangeKdf {
	readonly algorithm: 'argon2id';
	readonly memoryKiB: number;
	readonly iterations: number;
	readonly parallelism: number;
	/** Base64 of 16 to 64 bytes. */
	readonly salt: string;
}

/** What the platform does for the codec: WebCrypto and Argon2id, in the vault's worker and on Node alike. */
export interface ExchangeCrypto {
	/** A fresh salt, and the cost that new files get. */
	freshKdf(): ExchangeKdf;
	/** Whether stored parameters lie between the floor and what a machine can bear. */
	isSound(kdf: ExchangeKdf): boolean;
	/** AES-256-GCM under the passphrase's key: nonce, ciphertext, tag. */
	seal(passphrase: string, kdf: ExchangeKdf, plain: Uint8Array, associated: Uint8Array): Promise<Uint8Array>;
	/** Null where passphrase or bytes are not those of the sealing. */
	unseal(passphrase: string, kdf: ExchangeKdf, sealed: Uint8Array, associated: Uint8Array): Promise<Uint8Array | null>;
}

export type ExchangeErrorCode =
	/** No exchange file at all. */
	| 'not_exchange'
	/** Larger than an exchange file may be. */
	| 'too_large'
	/** It ends early, or its beginning does not read. */
	| 'bad_header'
	/** It asks for a key weaker, or costlier, than this program makes. */
	| 'bad_kdf'
	/** Another passphrase, or altered on the way: the seal can't tell which. */
	| 'not_opened'
	/** What was sealed is no content of this version. */
	| 'bad_content'
	/** Not signed by the member it names, or by no member of this engagement. */
	| 'bad_sender';

export interface ExchangeError {
	readonly code: ExchangeErrorCode;
	/** What, and what to do. */
	readonly message: string;
}

export const exchangeError = (code: ExchangeErrorCode, message: string): ExchangeError => ({ code, message });

/** Bytes of a whole file. */
export const EXCHANGE_MAX = 268_435_456;
const HEADER_MAX = 4096;
const MAGIC = utf8('TIEOUT-EXCHANGE/1\n');
const SIGNATURE = 64;

const headerSchema = z.strictObject({
	format: z.literal('tieout-exchange/1'),
	kdf: z.strictObject({
		algorithm: z.literal('argon2id'),
		memoryKiB: z.int().positive(),
		iterations: z.int().positive(),
		parallelism: z.int().positive(),
		salt: z.base64().min(24).max(88),
	}),
});

/** Who sends. */
export interface ExchangeSender {
	readonly memberId: string;
	/** Ed25519 by the member's key, 64 bytes. */
	sign(message: Uint8Array): Uint8Array;
}

/** The bytes that the sender signs. */
const exchangeMessage = (content: Uint8Array): Uint8Array => utf8(`tieout-exchange/1 ${sha256Hex(content)}`);

export async function writeExchange(
	content: ExchangeContent,
	sender: ExchangeSender,
	passphrase: string,
	crypto: ExchangeCrypto,
): Promise<Uint8Array> {
	const kdf = crypto.freshKdf();
	const bytes = utf8(JSON.stringify(content));
	const plain = concatBytes(lengthOf(bytes), bytes, sender.sign(exchangeMessage(bytes)), utf8(sender.memberId));
	const header = utf8(JSON.stringify({ format: 'tieout-exchange/1', kdf }));
	const beginning = concatBytes(MAGIC, lengthOf(header), header);
	const sealed = await crypto.seal(passphrase, kdf, plain, beginning);
	plain.fill(0);
	return concatBytes(beginning, sealed);
}

/** A file that opened. Who sent it is a claim until `mergeExchange` has looked at the signature. */
export interface OpenedExchange {
	readonly content: ExchangeContent;
	readonly memberId: string;
	/** What the signature is over. */
	readonly message: Uint8Array;
	readonly signature: Uint8Array;
}

export async function openExchange(
	file: Uint8Array,
	passphrase: string,
	crypto: ExchangeCrypto,
): Promise<Result<OpenedExchange, ExchangeError>> {
	if (file.length > EXCHANGE_MAX)
		return err(exchangeError('too_large', `An exchange file has at most ${EXCHANGE_MAX >> 20} MiB. This one is no sound one.`));
	if (!equalBytes(file.subarray(0, MAGIC.length), MAGIC))
		return err(exchangeError('not_exchange', 'This is no exchange file of Tieout. Choose a file that “Hand over by file” made.'));
	const start = MAGIC.length + 4;
	const length = countAt(file, MAGIC.length);
	const header = length === null || length > HEADER_MAX ? null : headerOf(file.subarray(start, start + length), length);
	if (header === null || length === null)
		return err(exchangeError('bad_header', 'The exchange file is cut short, or its beginning was altered. Take another copy of it.'));
	if (!crypto.isSound(header.kdf))
		return err(exchangeError('bad_kdf', 'The exchange file asks for a key that this program does not make. Let it be written anew.'));
	const [beginning, sealed] = [file.subarray(0, start + length), file.subarray(start + length)];
	const plain = await crypto.unseal(passphrase, header.kdf, sealed, beginning);
	if (plain === null)
		return err(
			exchangeError('not_opened', 'The passphrase is not that of this file, or the file was altered. Compare both with the sender.'),
		);
	return contentOf(plain);
}

function headerOf(bytes: Uint8Array, length: number): z.infer<typeof headerSchema> | null {
	const parsed = bytes.length === length ? headerSchema.safeParse(jsonIn(bytes)) : null;
	return parsed?.success && (fromBase64(parsed.data.kdf.salt)?.length ?? 0) >= 16 ? parsed.data : null;
}

function contentOf(plain: Uint8Array): Result<OpenedExchange, ExchangeError> {
	const bad = err(exchangeError('bad_content', 'The exchange file is not of this version of the program. Bring both to the same version.'));
	const length = countAt(plain, 0);
	if (length === null || plain.length < 4 + length + SIGNATURE) return bad;
	const bytes = plain.subarray(4, 4 + length);
	const memberId = fromUtf8(plain.subarray(4 + length + SIGNATURE));
	const content = exchangeContentSchema.safeParse(jsonIn(bytes));
	if (!content.success || memberId === null) return bad;
	const signature = plain.subarray(4 + length, 4 + length + SIGNATURE);
	return ok({ content: content.data, memberId, message: exchangeMessage(bytes), signature });
}

const lengthOf = ({ length }: Uint8Array): Uint8Array => Uint8Array.from([24, 16, 8, 0], (shift) => (length >>> shift) & 255);

/** Four bytes, most significant first; null behind the end. */
function countAt(bytes: Uint8Array, at: number): number | null {
	const four = bytes.subarray(at, at + 4);
	return four.length < 4 ? null : four.reduce((count, byte) => count * 256 + byte, 0);
}

function jsonIn(bytes: Uint8Array): unknown {
	const text = fromUtf8(bytes);
	try {
		return text === null ? null : JSON.parse(text);
	} catch {
		return null;
	}
}
