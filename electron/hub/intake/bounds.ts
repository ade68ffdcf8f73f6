/** What the hub takes at most. Beyond a bound there is a clear refusal, never a slow death. */

/** Bytes of one batch, unpacked. */
export const MAX_BATCH_BYTES = 32 << 20;
export const MAX_BATCH_LINES = 100_000;
/** Bytes of a line as it comes, and of a sealed line with its place and `prev`: the tile layout has 16 bits for a length. */
export const MAX_LINE_BYTES = 60_000;
/** Bytes of an id, a part of a primary key, a region: an index entry of a database page must hold three of them. */
export const MAX_KEY_BYTES = 256;
/** Events of one tenant that wait for their predecessors. */
export const MAX_WAITING = 50_000;
