// The orders of a log: for each the leaf hash, line and number of its last line, in an open-addressing table over the bytes of the order ids.
import {
  BEFORES, BROKEN, DEFERRED, EXPECTED, IDS, ID_LENGTHS, LAST_LINES, LEAVES, MISCOUNTED, NO_ORDER, ORDERS, PREVS, PREV_LENGTHS, SEQUENCES,
  STATUSES, UNCHAINED,
} from './layout';

const MAX_ORDERS: u32 = 16000000;
const MAX_ID_BYTES: u64 = 1 << 30;

/**
 * Looks an order up outside, where so many ids share a place here that only a hostile log can have arranged it.
 * @param wanted the number to give it if it is unknown, or -1 for none
 * @returns its number, or -1
 */
// @ts-ignore: decorator
@external('orders', 'elsewhere') declare function elsewhere(id: usize, length: u32, wanted: i32): i32;

/** Slots that an order may lie behind its own; a log cannot make a look-up longer. */
const REACH: usize = 64;

// An order takes one cache line: leaf hash (32), number expected next as f64 (8), last line (4), length of its id (4), and the id itself
// or, over 16 bytes, where it lies.
const ORDER_BYTES: usize = 64;
const NEXT: usize = 32;
const LAST_LINE: usize = 40;
const ID_LENGTH: usize = 44;
const ID: usize = 48;
const ID_INSIDE: u32 = 16;

// Orders lie in blocks, so that they never move; the blocks' addresses lie in one table.
const BLOCK_BITS: u32 = 12;
const BLOCK_ORDERS: u32 = 1 << BLOCK_BITS;
const BLOCKS_MAX: usize = 4096;

let heap: usize = 0;
let blocks: usize = 0;
let slots: usize = 0; // u64: the id's hash in the upper half, its order's number + 1 in the lower; 0 is free
let slotMask: u32 = 0;
let orderCount: u32 = 0;
let placed: u32 = 0; // orders in the table
let hasElsewhere: bool = false;
let idRoom: usize = 0;
let idRoomEnd: usize = 0;
let idBytes: u64 = 0;
let flagged: u32 = 0;

/** The table begins at `from`; what lies before is the caller's. */
export function prepareOrders(from: usize): void {
  heap = (from + 63) & ~63;
  blocks = take(4 * BLOCKS_MAX);
  slotMask = 4095;
  slots = take(8 * 4096);
}

/** Memory that is never given back. It comes zeroed. */
function take(bytes: usize): usize {
  const at = heap;
  heap += (bytes + 63) & ~63;
  const pages = <i32>((heap + 0xffff) >> 16) - memory.size();
  if (pages > 0 && memory.grow(pages) < 0) unreachable();
  return at;
}

// @ts-ignore: decorator
@inline function orderAt(order: u32): usize {
  return <usize>load<u32>(blocks + 4 * <usize>(order >> BLOCK_BITS)) + ORDER_BYTES * <usize>(order & (BLOCK_ORDERS - 1));
}

// @ts-ignore: decorator
@inline function idOf(order: usize, length: u32): usize {
  return length <= ID_INSIDE ? order + ID : <usize>load<u32>(order + ID);
}

/** The last, partial eight bytes of an id, the rest of the word zero. */
// @ts-ignore: decorator
@inline function tailOf(p: usize, rest: u32): u64 {
  return load<u64>(p) & ~(<u64>-1 << (rest << 3));
}

function hashOf(id: usize, length: u32): u32 {
  let hash: u64 = <u64>length * 0x9e3779b97f4a7c15;
  let p = id;
  let rest = length;
  for (; rest >= 8; rest -= 8, p += 8) {
    hash = (hash ^ load<u64>(p)) * 0xff51afd7ed558ccd;
    hash ^= hash >> 32;
  }
  hash = (hash ^ tailOf(p, rest)) * 0xc4ceb9fe1a85ec53;
  return <u32>(hash >> 32) ^ <u32>hash;
}

function isSameId(a: usize, b: usize, length: u32): bool {
  let rest = length;
  let i: usize = 0;
  for (; rest >= 8; rest -= 8, i += 8) if (load<u64>(a + i) != load<u64>(b + i)) return false;
  return tailOf(a + i, rest) == tailOf(b + i, rest);
}

/** @returns the number of the order with this id, a new one's next number, or NO_ORDER if there are too many */
function findOrder(id: usize, length: u32): u32 {
  const hash = hashOf(id, length);
  let free: usize = 0;
  for (let i: u32 = 0; i < REACH; i++) {
    const slot = slots + 8 * <usize>((hash + i) & slotMask);
    const content = load<u64>(slot);
    if (content == 0) {
      free = slot;
      break;
    }
    if (<u32>(content >> 32) == hash) {
      const number = <u32>content - 1;
      const order = orderAt(number);
      if (load<u32>(order, ID_LENGTH) == length && isSameId(idOf(order, length), id, length)) return number;
    }
  }
  if (hasElsewhere) {
    const known = elsewhere(id, length, -1);
    if (known >= 0) return known;
  }
  return addOrder(id, length, hash, free);
}

function addOrder(id: usize, length: u32, hash: u32, free: usize): u32 {
  idBytes += length;
  if (orderCount == MAX_ORDERS || idBytes > MAX_ID_BYTES) return NO_ORDER;
  const number = orderCount++;
  if ((number & (BLOCK_ORDERS - 1)) == 0) store<u32>(blocks + 4 * <usize>(number >> BLOCK_BITS), take(ORDER_BYTES * BLOCK_ORDERS));
  const order = orderAt(number);
  store<f64>(order, 1, NEXT);
  store<u32>(order, length, ID_LENGTH);
  if (length <= ID_INSIDE) {
    memory.copy(order + ID, id, length);
  } else {
    const room = (length + 15) & ~7; // read by eight bytes
    if (idRoom + room > idRoomEnd) {
      idRoom = take(max<usize>(room, 1 << 18));
      idRoomEnd = heap;
    }
    memory.copy(idRoom, id, length);
    store<u32>(order, idRoom, ID);
    idRoom += room;
  }
  if (free == 0) {
    keepElsewhere(number);
  } else {
    store<u64>(free, (<u64>hash << 32) | (number + 1));
    if (++placed * 2 > slotMask) growTable();
  }
  return number;
}

function keepElsewhere(number: u32): void {
  const order = orderAt(number);
  const length = load<u32>(order, ID_LENGTH);
  hasElsewhere = true;
  elsewhere(idOf(order, length), length, number);
}

function growTable(): void {
  const old = slots;
  const oldEnd = slots + 8 * (<usize>slotMask + 1);
  slotMask = 2 * slotMask + 1;
  slots = take(8 * (<usize>slotMask + 1));
  for (let from = old; from < oldEnd; from += 8) {
    const content = load<u64>(from);
    if (content != 0 && !place(content)) {
      placed--;
      keepElsewhere(<u32>content - 1);
    }
  }
}

function place(content: u64): bool {
  const hash = <u32>(content >> 32);
  for (let i: u32 = 0; i < REACH; i++) {
    const slot = slots + 8 * <usize>((hash + i) & slotMask);
    if (load<u64>(slot) == 0) {
      store<u64>(slot, content);
      return true;
    }
  }
  return false;
}

/** The lower-case hex digits of sixteen bytes' halves. */
// @ts-ignore: decorator
@inline function hexOf(halves: v128): v128 {
  return i8x16.swizzle(i8x16(0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66), halves);
}

/** Bits that differ between sixteen bytes and the 32 hex digits at `hex`. */
// @ts-ignore: decorator
@inline function hexDifference(bytes: v128, hex: usize): v128 {
  const high = v128.and(i16x8.shr_u(bytes, 4), i8x16.splat(0x0f));
  const low = v128.and(bytes, i8x16.splat(0x0f));
  const left = hexOf(i8x16.shuffle(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
  const right = hexOf(i8x16.shuffle(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31));
  return v128.or(v128.xor(left, v128.load(hex)), v128.xor(right, v128.load(hex, 16)));
}

/** Puts line `i` of the batch, the log's 1-based `line`, at the end of its order's chain; notes in its status what does not fit. */
export function link(i: u32, line: u32, hasOrderSeq: bool): void {
  const number = findOrder(load<u32>(IDS + 4 * i), load<u32>(ID_LENGTHS + 4 * i));
  store<u32>(ORDERS + 4 * i, number);
  if (number == NO_ORDER) {
    flag(i, UNCHAINED);
    return;
  }
  const order = orderAt(number);
  const leaf = LEAVES + 32 * i;
  const last = load<u32>(order, LAST_LINE);
  const length = load<i32>(PREV_LENGTHS + 4 * i);
  const a = v128.load(order), b = v128.load(order, 16);
  if (last != 0 && length == 64) {
    const prev = <usize>load<u32>(PREVS + 4 * i);
    if (v128.any_true(v128.or(hexDifference(a, prev), hexDifference(b, prev + 32)))) breakLink(i, last, a, b);
  } else if (last != 0 || length >= 0) {
    breakLink(i, last, a, b);
  }
  if (hasOrderSeq) {
    const next = load<f64>(order, NEXT);
    if (load<f64>(SEQUENCES + 8 * i) == next) {
      store<f64>(order, next + 1, NEXT);
    } else {
      store<f64>(BEFORES + 8 * i, next - 1);
      store<f64>(order, NaN, NEXT); // from here on every line of the order is judged outside
      flag(i, MISCOUNTED);
    }
  }
  store<u32>(order, line, LAST_LINE);
  v128.store(order, v128.load(leaf));
  v128.store(order, v128.load(leaf, 16), 16);
}

function breakLink(i: u32, last: u32, a: v128, b: v128): void {
  store<u32>(LAST_LINES + 4 * i, last);
  v128.store(EXPECTED + 32 * i, a);
  v128.store(EXPECTED + 32 * i, b, 16);
  flag(i, BROKEN);
}

function flag(i: u32, bit: u8): void {
  store<u8>(STATUSES + i, load<u8>(STATUSES + i) | bit);
  flagged++;
}

/** Links the lines at places `from` to `end` of the batch, up to one that was handed on. `line` is the number of the line at place 0. */
export function linkLines(from: u32, end: u32, line: u32, hasOrderSeq: bool): u32 {
  let i = from;
  for (; i < end && load<u8>(STATUSES + i) != DEFERRED; i++) link(i, line + i, hasOrderSeq);
  return i;
}

/** How many remarks were made on lines since the last call. */
export function takeFlagged(): u32 {
  const count = flagged;
  flagged = 0;
  return count;
}
