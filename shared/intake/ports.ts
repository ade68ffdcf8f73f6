/** What reading a drop needs of its platform: a hash, a signature check, and room for others to work. */
import type { VerifyEd25519 } from '#evidence';
import type { StreamingHash } from '#kernel';

export interface IntakePorts {
	/** A new SHA-256 (FIPS 180-4). */
	sha256(): StreamingHash;
	/** A new Ed25519 verifier (RFC 8032); it may remember keys. */
	ed25519Verifier(): VerifyEd25519;
	/** Lets other work of the same thread run: a cancel is heard, a question answered. */
	breathe(): Promise<void>;
}

/** Tells long work that it shall stop; an `AbortSignal` is one. */
export interface CancelSignal {
	readonly aborted: boolean;
}
