// Where things lie in the kernel's memory. Lines are worked on in batches of at most BATCH; what is kept per line is one column each.

export const BATCH: u32 = 1024;

// SHA-256. Below 0x800 lies what the compiler places: constants.
export const SCHEDULE: usize = 0x800; // 64 words of four lanes, 16 bytes each
export const FIFTH_SCHEDULE: usize = 0xc00; // 64 words of the fifth lane, 16 bytes from each other
export const LANE_ROUND_KEYS: usize = 0x1000; // each round's constant four times over
export const STATE: usize = 0x1400; // 8 words of four lanes
export const FIFTH_STATE: usize = 0x1480; // 8 words of the fifth lane
export const LANES: usize = 0x1500; // 5 x 16 bytes: where its block lies, whole blocks left, padded blocks left, line
export const IDLE_BLOCK: usize = 0x1580; // 64 zero bytes
export const TAILS: usize = 0x1600; // 5 x 128 bytes: padded ends
export const LANE_INITIAL: usize = 0x1880; // 8 words four times over: where a digest begins

// The keys that the records of a table have, ascending, and before them one that stands for the beginning
export const KEYS_MAX: u32 = 64;
export const KEY_BYTES: usize = 96;
export const KEYS: usize = 0x2060;

// Columns of the batch
export const STARTS: usize = 0x4000; // u32: first byte of the line
export const LENGTHS: usize = 0x5000; // u32: its bytes, without the line feed
export const IDS: usize = 0x6000; // u32: first byte of the order id, between the quotes
export const ID_LENGTHS: usize = 0x7000; // u32
export const PREVS: usize = 0x8000; // u32: first byte of `prev`, between the quotes
export const PREV_LENGTHS: usize = 0x9000; // i32: its bytes, -1 for null
export const ORDERS: usize = 0xa000; // u32: the order's number
export const LAST_LINES: usize = 0xb000; // u32: where a link is broken, the order's last line
export const SEQUENCES: usize = 0xc000; // u32: `order_seq`, 0 where there is none, or one that no order comes to
export const BEFORES: usize = 0xd000; // u32: where a count goes wrong first, the order's last number
export const STATUSES: usize = 0x10000; // u8
export const LEAVES: usize = 0x11000; // 32 bytes: leaf hashes
export const NODES: usize = 0x19000; // 32 bytes: what the leaf hashes are folded into
export const EXPECTED: usize = 0x21000; // 32 bytes: where a link is broken, the leaf hash of the order's last line

export const ID_HASHES: usize = 0x29000; // u32: of the order id
export const BY_BLOCKS: usize = 0x2a000; // u16: places of lines, by their number of blocks

// Schedules of the last block of a node's preimage, which has one byte: 256 tables of 64 words
export const NODE_ENDS: usize = 0x2b000;

// Sixteen bytes before the input: the one before a line becomes its leaf prefix.
export const INPUT: usize = 0x3b010;

// What a line's status may hold
export const DEFERRED: u8 = 1; // not settled here: whoever reads without haste decides
export const BROKEN: u8 = 2; // `prev` is not the leaf hash of the order's last line
export const MISCOUNTED: u8 = 4; // `order_seq` is not the next number
export const UNCHAINED: u8 = 8; // more orders than can be followed

/** The order of lines that have none. */
export const NO_ORDER: u32 = 0xffffffff;
