// Whether a line is the RFC 8785 form of a record, in one pass over its bytes, and where its order id, order_seq and prev lie.
// What is rare is never judged here: the scanner says yes or hands the line on, so it may be strict but never lenient.
//
// The records of a table have mostly the same keys. Those seen so far are kept ascending, as `"key":` with a mask, and a line's next key
// is compared with the one that came here last time: as long as lines look alike, a key costs one or two vector comparisons, and its
// order none.
import { BATCH, DEFERRED, IDS, ID_LENGTHS, KEYS, KEY_BYTES, KEYS_MAX, LENGTHS, NO_ORDER, ORDERS, PREVS, PREV_LENGTHS, SEQUENCES, STARTS, STATUSES } from './layout';

// A kept key: `"key":` and zeros (32 bytes), 0xff where it has a byte (32), its length (1), its role (1), the key that followed it last
// time (4), and the length of its last plain text (4).
const TOKEN_MAX: u32 = 32;
const TOKEN_MASK: usize = 32;
const TOKEN_LENGTH: usize = 64;
const ROLE: usize = 65;
const FOLLOWER: usize = 68;
const VALUE_LENGTH: usize = 72;
/** Stands for the beginning of a record. */
const BEFORE_KEYS: usize = KEYS - KEY_BYTES;

const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;
const LINE_FEED: u32 = 0x0a;
const COMMA: u32 = 0x2c;
const NULL: u32 = 0x6c6c756e; // null
const MAX_DEPTH: u32 = 16; // deeper lines are handed on

const ORDER_ID: u8 = 1;
const ORDER_SEQ: u8 = 2;
const PREV: u8 = 3;
const ID_TOKEN = memory.data<u8>([0x22, 0x6f, 0x72, 0x64, 0x65, 0x72, 0x5f, 0x69, 0x64, 0x22, 0x3a]); // "order_id":
const SEQ_TOKEN = memory.data<u8>([0x22, 0x6f, 0x72, 0x64, 0x65, 0x72, 0x5f, 0x73, 0x65, 0x71, 0x22, 0x3a]); // "order_seq":
const PREV_TOKEN = memory.data<u8>([0x22, 0x70, 0x72, 0x65, 0x76, 0x22, 0x3a]); // "prev":

let keyCount: u32 = 0;
/** Where the line behind the last scanned one begins. */
let scanEnd: usize = 0;
/** The integer that was read last. */
let integer: i64 = 0;

export function scannedTo(): usize {
  return scanEnd;
}

export function prepareKeys(): void {
  insertKey(0, ID_TOKEN, 11, ORDER_ID);
  insertKey(1, SEQ_TOKEN, 12, ORDER_SEQ);
  insertKey(2, PREV_TOKEN, 7, PREV);
}

/**
 * Scans the lines between `from` and `end`, where a line feed stands before `end`, into the columns of the batch from place `first` on,
 * until it is full. Lines over `maxBytes` are handed on.
 * @returns the place behind the last line; `scannedTo` says where the line itself ends
 */
export function scanLines(from: usize, end: usize, first: u32, maxBytes: u32): u32 {
  let i = first;
  let at = from;
  for (; at < end && i < BATCH; i++) {
    store<u32>(STARTS + 4 * i, at);
    let feed = scanRecord(at, i);
    store<u8>(STATUSES + i, 0);
    if (feed == 0 || feed - at > <usize>maxBytes) {
      store<u8>(STATUSES + i, DEFERRED);
      store<u32>(ORDERS + 4 * i, NO_ORDER);
      if (feed == 0) feed = findLineFeed(at);
    }
    store<u32>(LENGTHS + 4 * i, feed - at);
    at = feed + 1;
  }
  scanEnd = at;
  return i;
}

function findLineFeed(from: usize): usize {
  const feed = i8x16.splat(<i8>LINE_FEED);
  let p = from;
  while (true) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(p), feed));
    if (found) return p + ctz(found);
    p += 16;
  }
}

/** @returns where the line feed of the record at `from` stands, or 0 if the line is handed on, as one without an order is */
function scanRecord(from: usize, line: u32): usize {
  store<u32>(ID_LENGTHS + 4 * line, 0);
  store<i32>(PREV_LENGTHS + 4 * line, -1);
  store<u32>(SEQUENCES + 4 * line, 0);
  if (load<u16>(from) != 0x227b) return 0; // {"
  let p = from + 1;
  const quotes = v128.load(QUOTES), backslashes = v128.load(BACKSLASHES), spaces = v128.load(SPACES);
  let last = BEFORE_KEYS; // the greatest kept key that is not behind the line's last one
  stranger = 0;
  while (true) {
    let key = <usize>load<u32>(last, FOLLOWER);
    let role: u8 = 0;
    if (key > last && isKey(p, key)) {
      p += <usize>load<u8>(key, TOKEN_LENGTH);
      role = load<u8>(key, ROLE);
    } else {
      key = findKey(p, last);
      if (key == 0) return 0;
      p = behindKey;
      store<u32>(last, key, FOLLOWER);
      if (stranger == 0) role = load<u8>(key, ROLE);
    }
    last = key;
    const first: u32 = load<u8>(p);
    const value = p + 1;
    if (first == QUOTE) {
      // Values are mostly as long as the line before had them. Going on from where the end should be, and not from where it was found,
      // lets the processor work on the next key while it still looks for this end.
      const guess = value + <usize>load<u32>(key, VALUE_LENGTH);
      const end = plainEnd(value, quotes, backslashes, spaces);
      if (end == guess && load<u8>(guess) == QUOTE) {
        p = guess + 1;
      } else {
        store<u32>(key, <u32>(end - value), VALUE_LENGTH);
        p = load<u8>(end) == QUOTE ? end + 1 : scanRest(end);
      }
    } else if (first - 0x31 <= 8) {
      do p++; while (<u32>load<u8>(p) - 0x30 <= 9);
      // Up to fifteen digits are below 2^53.
      if (p - value > 14) p = scanInteger(value - 1, first);
    } else if (load<u32>(p) == NULL) {
      p += 4;
    } else {
      p = scanOther(p, 1);
    }
    if (p == 0) return 0;
    if (role != 0 && !takeRole(role, first, value, p, line)) return 0;
    if (load<u16>(p) != 0x222c) break; // ,"
    p++;
  }
  return load<u16>(p) == 0x0a7d && load<u32>(ID_LENGTHS + 4 * line) != 0 ? p + 1 : 0; // } and the line feed
}

/** Notes a value that chains are made of; false if it has not the form that they have. */
function takeRole(role: u8, first: u32, value: usize, end: usize, line: u32): bool {
  if (role == ORDER_SEQ) {
    if (first == QUOTE || first > 0x39) return false; // no digit and no minus
    scanInteger(value - 1, first);
    if (integer > 0 && integer < 0xffffffff) store<u32>(SEQUENCES + 4 * line, <u32>integer);
    return true;
  }
  const length = <u32>(end - 1 - value);
  if (role == ORDER_ID) {
    if (first != QUOTE || length == 0) return false;
    store<u32>(IDS + 4 * line, value);
    store<u32>(ID_LENGTHS + 4 * line, length);
    return true;
  }
  if (first != QUOTE) return first == 0x6e; // null
  store<u32>(PREVS + 4 * line, value);
  store<i32>(PREV_LENGTHS + 4 * line, length);
  return true;
}

// --- keys

// @ts-ignore: decorator
@inline function isKey(p: usize, key: usize): bool {
  const low = v128.and(v128.xor(v128.load(p), v128.load(key)), v128.load(key, TOKEN_MASK));
  const high = v128.and(v128.xor(v128.load(p, 16), v128.load(key, 16)), v128.load(key, TOKEN_MASK + 16));
  return !v128.any_true(v128.or(low, high));
}

/** The key found last, if it is a stranger: not kept, because it is long or comes late. */
let stranger: usize = 0;
let strangerLength: u32 = 0;
/** What is behind the key that was found last, and its colon. */
let behindKey: usize = 0;

/**
 * Finds the key at `p` among the kept ones behind `last`, or keeps it.
 * @returns the kept key; for one that cannot be kept, the kept key before it; 0 if the line is handed on
 */
function findKey(p: usize, last: usize): usize {
  const end = KEYS + KEY_BYTES * <usize>keyCount;
  for (let key = last + KEY_BYTES; key < end; key += KEY_BYTES) {
    if (isKey(p, key)) {
      behindKey = p + <usize>load<u8>(key, TOKEN_LENGTH);
      stranger = 0;
      return key;
    }
  }
  const text = p + 1;
  const length = keyLength(text);
  if (length < 0) return 0;
  // A stranger is behind `last`; one that is not this line's last key any more is before it. So both must come before.
  if (stranger != 0 && !isBefore(stranger, strangerLength, text, length)) return 0;
  if (last != BEFORE_KEYS && !isBefore(last + 1, <u32>load<u8>(last, TOKEN_LENGTH) - 3, text, length)) return 0;
  let at: u32 = 0;
  for (let key = KEYS; key < end && isBefore(key + 1, <u32>load<u8>(key, TOKEN_LENGTH) - 3, text, length); key += KEY_BYTES) at++;
  behindKey = text + length + 2;
  if (keyCount < KEYS_MAX && <u32>length + 3 <= TOKEN_MAX) {
    insertKey(at, p, length + 3, 0);
    stranger = 0;
    return KEYS + KEY_BYTES * <usize>at;
  }
  stranger = text;
  strangerLength = length;
  return KEYS + KEY_BYTES * <usize>at - KEY_BYTES;
}

function insertKey(at: u32, token: usize, length: u32, role: u8): void {
  const key = KEYS + KEY_BYTES * <usize>at;
  memory.copy(key + KEY_BYTES, key, KEY_BYTES * <usize>(keyCount - at));
  memory.fill(key, 0, KEY_BYTES);
  memory.copy(key, token, length);
  memory.fill(key + TOKEN_MASK, 0xff, length);
  store<u8>(key, <u8>length, TOKEN_LENGTH);
  store<u8>(key, role, ROLE);
  keyCount++;
}

/** Length of the key whose first byte is at `p`, -1 unless it is plain ASCII and a colon follows. */
function keyLength(p: usize): i32 {
  const end = plainEndFrom(p);
  return load<u16>(end) == 0x3a22 ? <i32>(end - p) : -1; // ":
}

/** Whether one key comes before another: by bytes, which for ASCII is by UTF-16 code units. */
function isBefore(a: usize, aLength: u32, b: usize, bLength: u32): bool {
  const shared = min(aLength, bLength);
  for (let i: usize = 0; i < <usize>shared; i++) {
    const x = load<u8>(a + i), y = load<u8>(b + i);
    if (x != y) return x < y;
  }
  return aLength < bLength;
}

// --- values

// What ends a string's plain run, sixteen times each. They are read from memory where a line begins: a constant would be built anew
// at each use.
const QUOTES = memory.data<u8>([34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34]);
const BACKSLASHES = memory.data<u8>([92, 92, 92, 92, 92, 92, 92, 92, 92, 92, 92, 92, 92, 92, 92, 92]);
const SPACES = memory.data<u8>([32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32]);

/** A bit for each of sixteen bytes that ends a string's plain run: a quote, a backslash, a control or a byte beyond ASCII. */
// @ts-ignore: decorator
@inline function specials(p: usize, quotes: v128, backslashes: v128, spaces: v128): i32 {
  const bytes = v128.load(p);
  // Signed: bytes from 0x80 on are negative, and so below the space.
  const ends = v128.or(i8x16.eq(bytes, quotes), i8x16.eq(bytes, backslashes));
  return i8x16.bitmask(v128.or(ends, i8x16.gt_s(spaces, bytes)));
}

/** The first byte from `p` on that ends a string's plain run. */
// @ts-ignore: decorator
@inline function plainEnd(from: usize, quotes: v128, backslashes: v128, spaces: v128): usize {
  let p = from;
  let special = specials(p, quotes, backslashes, spaces);
  while (!special) {
    p += 16;
    special = specials(p, quotes, backslashes, spaces);
  }
  return p + ctz(special);
}

function plainEndFrom(p: usize): usize {
  return plainEnd(p, v128.load(QUOTES), v128.load(BACKSLASHES), v128.load(SPACES));
}

/** @returns what is behind the closing quote of the string whose first byte is at `p`, or 0 */
function scanString(p: usize): usize {
  return scanRest(plainEndFrom(p));
}

/** As `scanString`, from a byte that is not plain. */
function scanRest(from: usize): usize {
  let p = from;
  while (true) {
    const byte: u32 = load<u8>(p);
    if (byte == QUOTE) return p + 1;
    if (byte == BACKSLASH) p = scanEscape(p);
    else if (byte >= 0x80) p = scanWide(p, byte);
    else return 0;
    if (p == 0) return 0;
    p = plainEndFrom(p);
  }
}

/** The escapes that RFC 8785 leaves: section 3.2.2.2. */
function scanEscape(p: usize): usize {
  switch (load<u8>(p, 1)) {
    case 0x22: case 0x5c: case 0x62: case 0x66: case 0x6e: case 0x72: case 0x74: // " \ b f n r t
      return p + 2;
    case 0x75: { // u
      if (load<u16>(p, 2) != 0x3030) return 0; // 00
      const high: u32 = load<u8>(p, 4), low: u32 = load<u8>(p, 5);
      if (high != 0x30 && high != 0x31) return 0;
      if (!((low >= 0x30 && low <= 0x39) || (low >= 0x61 && low <= 0x66))) return 0;
      // 08 09 0a 0c 0d have letters of their own.
      if (high == 0x30 && (low == 0x38 || low == 0x39 || low == 0x61 || low == 0x63 || low == 0x64)) return 0;
      return p + 6;
    }
    default:
      return 0;
  }
}

// @ts-ignore: decorator
@inline function follows(p: usize, i: usize): bool {
  return (load<u8>(p + i) & 0xc0) == 0x80;
}

/** One character beyond ASCII, as RFC 3629 section 4 allows it: shortest form, no surrogate, none beyond U+10FFFF. */
function scanWide(p: usize, first: u32): usize {
  if (first < 0xc2) return 0;
  if (first < 0xe0) return follows(p, 1) ? p + 2 : 0;
  const second: u32 = load<u8>(p, 1);
  if (first < 0xf0) {
    const least: u32 = first == 0xe0 ? 0xa0 : 0x80;
    const most: u32 = first == 0xed ? 0x9f : 0xbf;
    return second >= least && second <= most && follows(p, 2) ? p + 3 : 0;
  }
  if (first > 0xf4) return 0;
  const least: u32 = first == 0xf0 ? 0x90 : 0x80;
  const most: u32 = first == 0xf4 ? 0x8f : 0xbf;
  return second >= least && second <= most && follows(p, 2) && follows(p, 3) ? p + 4 : 0;
}

/** A value that is no string. @returns what is behind it, or 0 */
function scanOther(p: usize, depth: u32): usize {
  const first: u32 = load<u8>(p);
  if (first - 0x30 <= 9 || first == 0x2d) return scanInteger(p, first);
  if (first == 0x6e) return load<u32>(p) == NULL ? p + 4 : 0;
  if (first == 0x74) return load<u32>(p) == 0x65757274 ? p + 4 : 0; // true
  if (first == 0x66) return load<u32>(p, 1) == 0x65736c61 ? p + 5 : 0; // false
  if (first == 0x7b) return scanObject(p + 1, depth + 1);
  if (first == 0x5b) return scanArray(p + 1, depth + 1);
  return 0;
}

/** -2^53 < n < 2^53, no leading zero, no -0. What follows is for the caller, who knows no fraction and no exponent. */
function scanInteger(from: usize, first: u32): usize {
  let p = from;
  const isNegative = first == 0x2d;
  if (isNegative) p++;
  let digit: u32 = <u32>load<u8>(p) - 0x30;
  if (digit > 9) return 0;
  if (digit == 0) {
    integer = 0;
    return isNegative ? 0 : p + 1;
  }
  const begin = p;
  let value: i64 = 0;
  do {
    value = value * 10 + <i64>digit;
    p++;
    digit = <u32>load<u8>(p) - 0x30;
  } while (digit <= 9 && p - begin < 17);
  if (value > 9007199254740991 || p - begin > 16) return 0;
  integer = isNegative ? -value : value;
  return p;
}

function scanValue(p: usize, depth: u32): usize {
  return load<u8>(p) == QUOTE ? scanString(p + 1) : scanOther(p, depth);
}

function scanArray(from: usize, depth: u32): usize {
  let p = from;
  if (depth > MAX_DEPTH) return 0;
  if (load<u8>(p) == 0x5d) return p + 1;
  while (true) {
    p = scanValue(p, depth);
    if (p == 0) return 0;
    const next: u32 = load<u8>(p);
    p++;
    if (next != COMMA) return next == 0x5d ? p : 0;
  }
}

function scanObject(from: usize, depth: u32): usize {
  let p = from;
  if (depth > MAX_DEPTH) return 0;
  if (load<u8>(p) == 0x7d) return p + 1;
  let key: usize = 0;
  let length: u32 = 0;
  while (true) {
    if (load<u8>(p) != QUOTE) return 0;
    const nextLength = keyLength(p + 1);
    if (nextLength < 0 || (key != 0 && !isBefore(key, length, p + 1, nextLength))) return 0;
    key = p + 1;
    length = nextLength;
    p = scanValue(key + length + 2, depth);
    if (p == 0) return 0;
    const next: u32 = load<u8>(p);
    p++;
    if (next != COMMA) return next == 0x7d ? p : 0;
  }
}
