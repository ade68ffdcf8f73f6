/** Shapes that several channels share. */
import { z } from 'zod';
import { IPC_LIMITS } from './limits.ts';

/** 128 random bits as hex: stands for a file, drop or blob that only the main process knows the place of. */
export const token = z.string().regex(/^[0-9a-f]{32}$/);

/** Octets, as many as one message may hold. */
export const bytes = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array && value.byteLength <= IPC_LIMITS.chunkBytes);

export const chunkLength = z.int().min(1).max(IPC_LIMITS.chunkBytes);
export const fileOffset = z.int().min(0).max(IPC_LIMITS.fileBytes);
export const count = z.int().min(0);
export const name = z.string().min(1).max(IPC_LIMITS.nameChars);
export const dropPath = z.string().min(1).max(IPC_LIMITS.pathChars);
export const dropKind = z.enum(['folder', 'zip']);
export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
/** Milliseconds since 1970, within four-digit years. */
const instant = z.int().min(0).max(253_402_300_799_999);

/** What is signed, checked or saved: bytes handed over before, or a file that was chosen. */
export const source = z.discriminatedUnion('kind', [
	z.strictObject({ kind: z.literal('blob'), blobToken: token }),
	z.strictObject({ kind: z.literal('file'), fileToken: token }),
]);

/** Whose key signs. The password is used once and kept nowhere. */
export const signer = z.discriminatedUnion('kind', [
	z.strictObject({ kind: z.literal('p12'), fileToken: token, password: z.string().max(IPC_LIMITS.passwordChars) }),
	/** A key made for this one signature: proves "unchanged since", never "by whom". */
	z.strictObject({ kind: z.literal('self_made'), commonName: z.string().min(1).max(IPC_LIMITS.commonNameChars) }),
]);

/** What stands in the signature beside the name: the claimed time, why, where. */
export const words = {
	time: instant,
	reason: z.string().max(IPC_LIMITS.nameChars).nullable(),
	location: z.string().max(IPC_LIMITS.nameChars).nullable(),
};

export const nothing = z.strictObject({});
