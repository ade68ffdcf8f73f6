/** A line of the confirmed order. */
import { leafHash } from '#evidence';
import type { ActRef } from '#findings';
import { canonicalize, utf8 } from '#kernel';

/** An act's confirmed place. */
export interface OrderRecord extends ActRef {
	/** 1, 2, 3 … without gaps. */
	readonly position: number;
	/** Of the act. */
	readonly hash: string;
}

export const orderLeaf = ({ position, replica, seq, hash }: OrderRecord): Uint8Array =>
	leafHash(utf8(canonicalize({ position, replica, seq, hash })));
