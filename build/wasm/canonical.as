// Whether a line is the RFC 8785 form of a record, in one pass over its bytes, and where its order id, order_seq and prev lie.
// What is rare is never judged here: the scanner says yes or hands the line on, so it may be strict but never lenient.
//
// The records of a table have mostly the same keys. Those seen so far are kept ascending, as `"key":` with a mask, and a line's next key
// is compared with the one that came here last time: as long as lines look alike, a key costs one or two vector comparisons, and its
// order none.
import {
  BATCH, DEFERRED, IDS, ID_LENGTHS, KEYS_MAX, KEY_FOLLOWERS, KEY_LENGTHS, KEY_MASKS, KEY_ROLES, KEY_TOKENS, LENGTHS,
  NO_ORDER, ORDERS, PREVS, PREV_LENGTHS, SEQUENCES, STARTS, STATUSES,
} from './layout';

const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;
const LINE_FEED: u32 = 0x0a;
const COMMA: u32 = 0x2c;
const MAX_DEPTH: u32 = 16; // deeper lines are handed on
const TOKEN_MAX: u32 = 32;

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
  store<f64>(SEQUENCES + 8 * line, 0);
  if (load<u16>(from) != 0x227b) return 0; // {"
  let p = from + 1;
  let place: u32 = 0; // kept keys from here on come behind the last one
  lastLength = 0;
  while (true) {
    let key: u32 = load<u8>(KEY_FOLLOWERS + place);
    if (key < place || !isKey(p, key)) {
      key = findKey(p, place);
      if (key > KEYS_MAX) return 0;
      if (key < KEYS_MAX) store<u8>(KEY_FOLLOWERS + place, <u8>key);
    }
    lastKey = p + 1;
    let role: u8 = 0;
    if (key < KEYS_MAX) {
      const length = <u32>load<u8>(KEY_LENGTHS + key);
      role = load<u8>(KEY_ROLES + key);
      lastLength = length - 3;
      p += length;
      place = key + 1;
    } else {
      lastLength = foundLength;
      p += foundLength + 3;
      place = foundPlace;
    }
    const first: u32 = load<u8>(p);
    const value = p + 1;
    p = first == QUOTE ? scanString(value) : scanOther(p, 1);
    if (p == 0) return 0;
    if (role != 0 && !takeRole(role, first, value, p, line)) return 0;
    const next: u32 = load<u8>(p);
    p++;
    if (next != COMMA) return next == 0x7d && load<u8>(p) == LINE_FEED && load<u32>(ID_LENGTHS + 4 * line) != 0 ? p : 0;
    if (load<u8>(p) != QUOTE) return 0;
  }
}

/** Notes a value that chains are made of; false if it has not the form that they have. */
function takeRole(role: u8, first: u32, value: usize, end: usize, line: u32): bool {
  if (role == ORDER_SEQ) {
    if (first == QUOTE || first > 0x39) return false; // no digit and no minus
    store<f64>(SEQUENCES + 8 * line, <f64>integer);
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
@inline function isKey(p: usize, key: u32): bool {
  const token = KEY_TOKENS + 32 * <usize>key;
  const mask = KEY_MASKS + 32 * <usize>key;
  const low = v128.and(v128.xor(v128.load(p), v128.load(token)), v128.load(mask));
  const high = v128.and(v128.xor(v128.load(p, 16), v128.load(token, 16)), v128.load(mask, 16));
  return !v128.any_true(v128.or(low, high));
}

/** The key before the one under the scanner, between its quotes. */
let lastKey: usize = 0;
let lastLength: u32 = 0;
/** Of a key that is not kept: its length, and the place behind it. */
let foundLength: u32 = 0;
let foundPlace: u32 = 0;

/** @returns the kept key at `p`, KEYS_MAX for one that cannot be kept, more if the line is handed on */
function findKey(p: usize, place: u32): u32 {
  for (let key = place; key < keyCount; key++) if (isKey(p, key)) return key;
  const length = keyLength(p + 1);
  if (length < 0) return KEYS_MAX + 1;
  // The keys kept from `place` on lie behind the last one; where this one is not behind it, it is out of order.
  if (lastLength > 0 && !isBefore(lastKey, lastLength, p + 1, length)) return KEYS_MAX + 1;
  let at: u32 = 0;
  while (at < keyCount && isBefore(KEY_TOKENS + 32 * <usize>at + 1, <u32>load<u8>(KEY_LENGTHS + at) - 3, p + 1, length)) at++;
  foundLength = length;
  foundPlace = at;
  if (keyCount == KEYS_MAX || <u32>length + 3 > TOKEN_MAX) return KEYS_MAX;
  insertKey(at, p, length + 3, 0);
  return at;
}

function insertKey(at: u32, token: usize, length: u32, role: u8): void {
  const behind = <usize>(keyCount - at);
  memory.copy(KEY_TOKENS + 32 * <usize>(at + 1), KEY_TOKENS + 32 * <usize>at, 32 * behind);
  memory.copy(KEY_MASKS + 32 * <usize>(at + 1), KEY_MASKS + 32 * <usize>at, 32 * behind);
  memory.copy(KEY_LENGTHS + at + 1, KEY_LENGTHS + at, behind);
  memory.copy(KEY_ROLES + at + 1, KEY_ROLES + at, behind);
  memory.fill(KEY_TOKENS + 32 * <usize>at, 0, 32);
  memory.fill(KEY_MASKS + 32 * <usize>at, 0, 32);
  memory.copy(KEY_TOKENS + 32 * <usize>at, token, length);
  memory.fill(KEY_MASKS + 32 * <usize>at, 0xff, length);
  store<u8>(KEY_LENGTHS + at, <u8>length);
  store<u8>(KEY_ROLES + at, role);
  keyCount++;
}

/** Length of the key whose first byte is at `p`, -1 unless it is plain ASCII and a colon follows. */
function keyLength(p: usize): i32 {
  let end = p;
  let special = specials(end);
  while (!special) special = specials((end += 16));
  end += ctz(special);
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

/** A bit for each of sixteen bytes that ends a string's plain run: a quote, a backslash, a control or a byte beyond ASCII. */
// @ts-ignore: decorator
@inline function specials(p: usize): i32 {
  const bytes = v128.load(p);
  // Signed: bytes from 0x80 on are negative.
  const odd = i8x16.lt_s(bytes, i8x16.splat(0x20));
  return i8x16.bitmask(v128.or(odd, v128.or(i8x16.eq(bytes, i8x16.splat(<i8>QUOTE)), i8x16.eq(bytes, i8x16.splat(<i8>BACKSLASH)))));
}

/** @returns what is behind the closing quote of the string whose first byte is at `p`, or 0 */
// @ts-ignore: decorator
@inline function scanString(p: usize): usize {
  let special = specials(p);
  while (!special) {
    p += 16;
    special = specials(p);
  }
  p += ctz(special);
  return load<u8>(p) == QUOTE ? p + 1 : scanRest(p);
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
    let special = specials(p);
    while (!special) {
      p += 16;
      special = specials(p);
    }
    p += ctz(special);
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
  if (first == 0x6e) return load<u32>(p) == 0x6c6c756e ? p + 4 : 0; // null
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
