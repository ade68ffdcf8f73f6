// Where things lie in the kernel's memory. Lines are worked on in batches of at most BATCH; what is kept per line is one column each.

export const BATCH: u32 = 1024;

// SHA-256
// Below 0x800 lies what the compiler places: the round constants.
export const LANE_ROUND_KEYS: usize = 0x800; // 64 x 16 bytes: each round constant four times over
export const SCHEDULE: usize = 0x1000; // 64 words of four lanes
export const FIFTH_SCHEDULE: usize = 0x1400; // 64 words of the fifth lane
export const STATE: usize = 0x1500; // 8 words of four lanes
export const FIFTH_STATE: usize = 0x1580; // 8 words of the fifth lane
export const LANES: usize = 0x1600; // 5 x 16 bytes: where its block lies, whole blocks left, padded blocks left, line
export const IDLE_BLOCK: usize = 0x1680; // 64 zero bytes
export const TAILS: usize = 0x1700; // 5 x 128 bytes: padded ends

// The keys that the records of a table have, ascending
export const KEYS_MAX: u32 = 64;
export const KEY_TOKENS: usize = 0x2000; // 64 x 32 bytes: `"key":`
export const KEY_MASKS: usize = 0x2800; // 64 x 32 bytes: 0xff where the token has a byte
export const KEY_LENGTHS: usize = 0x3000; // 64 bytes: length of the token
export const KEY_ROLES: usize = 0x3040; // 64 bytes
export const KEY_FOLLOWERS: usize = 0x3080; // 65 bytes: which key came behind the key before this place, last time

// Columns of the batch
export const STARTS: usize = 0x4000; // u32: first byte of the line
export const LENGTHS: usize = 0x5000; // u32: its bytes, without the line feed
export const IDS: usize = 0x6000; // u32: first byte of the order id, between the quotes
export const ID_LENGTHS: usize = 0x7000; // u32
export const PREVS: usize = 0x8000; // u32: first byte of `prev`, between the quotes
export const PREV_LENGTHS: usize = 0x9000; // i32: its bytes, -1 for null
export const ORDERS: usize = 0xa000; // u32: the order's number
export const LAST_LINES: usize = 0xb000; // u32: where a link is broken, the order's last line
export const SEQUENCES: usize = 0xc000; // f64: `order_seq`, 0 where there is none
export const BEFORES: usize = 0xe000; // f64: where a count is doubtful, the order's last number
export const STATUSES: usize = 0x10000; // u8
export const LEAVES: usize = 0x11000; // 32 bytes: leaf hashes
export const NODES: usize = 0x19000; // 32 bytes: what the leaf hashes are folded into
export const EXPECTED: usize = 0x21000; // 32 bytes: where a link is broken, the leaf hash of the order's last line

// Sixteen bytes before the input: the one before a line becomes its leaf prefix.
export const INPUT: usize = 0x29010;

// What a line's status may hold
export const DEFERRED: u8 = 1; // not settled here: whoever reads without haste decides
export const BROKEN: u8 = 2; // `prev` is not the leaf hash of the order's last line
export const MISCOUNTED: u8 = 4; // `order_seq` is not the next number
export const UNCHAINED: u8 = 8; // more orders than can be followed

/** The order of lines that have none. */
export const NO_ORDER: u32 = 0xffffffff;
