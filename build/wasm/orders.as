// The orders of a log: for each the leaf hash, line and number of its last line, in an open-addressing table over the bytes of the order ids.
import {
  BEFORES, BROKEN, DEFERRED, EXPECTED, IDS, ID_HASHES, ID_LENGTHS, LAST_LINES, LEAVES, MISCOUNTED, NO_ORDER, ORDERS, PREVS, PREV_LENGTHS, SEQUENCES,
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
const REACH: u32 = 64;

// An order takes one cache line: leaf hash (32), number expected next (4), last line (4), length of its id (4), hash of it (4), and the id
// itself or, over 16 bytes, where it lies.
const ORDER_BYTES: usize = 64;
const NEXT: usize = 32;
const LAST_LINE: usize = 36;
const ID_LENGTH: usize = 40;
const ID_HASH: usize = 44;
const ID: usize = 48;
const ID_INSIDE: u32 = 16;
/** The next number of an order whose count is judged outside: no line has it. */
const DOUBTFUL: u32 = 0xffffffff;

// A slot: eight bits of the id's hash, and the order's number + 1; 0 is free.
const NUMBER_BITS: u32 = 24;
const NUMBER_MASK: u32 = (1 << NUMBER_BITS) - 1;
const FIRST_SLOTS: u32 = 1 << 14;

// Orders lie in blocks, so that they never move; the blocks' addresses lie in one table.
const BLOCK_BITS: u32 = 12;
const BLOCK_ORDERS: u32 = 1 << BLOCK_BITS;
const BLOCKS_MAX: usize = 4096;

let heap: usize = 0;
let blocks: usize = 0;
let slots: usize = 0;
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
  slotMask = FIRST_SLOTS - 1;
  slots = take(4 * FIRST_SLOTS);
}

/** Memory that is never given back. It comes zeroed. */
function take(bytes: usize): usize {
  const at = heap;
  heap += (bytes + 63) & ~63;
  const pages = <i32>((heap + 0xffff) >> 16) - memory.size();
  // Growing is dear for the host, so it is done by an eighth at least, unless that is more than there is.
  if (pages > 0 && memory.grow(max(pages, memory.size() >> 3)) < 0 && memory.grow(pages) < 0) unreachable();
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

// Sixteen times 0xff, then sixteen zeros: from place 16 - n on, a mask of n bytes.
const MASK_RAMP = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/** The first `length` <= 16 bytes at `p`, the rest zero. */
// @ts-ignore: decorator
@inline function upTo16(p: usize, length: u32): v128 {
  return v128.and(v128.load(p), v128.load(MASK_RAMP + 16 - length));
}

// @ts-ignore: decorator
@inline function mixed(hash: u64, bytes: v128): u64 {
  const sum = ((hash ^ i64x2.extract_lane(bytes, 0)) * 0x9e3779b97f4a7c15) ^ (rotl<u64>(i64x2.extract_lane(bytes, 1), 29) * 0xff51afd7ed558ccd);
  return (sum ^ (sum >> 32)) * 0xc4ceb9fe1a85ec53;
}

// @ts-ignore: decorator
@inline function hashOf(id: usize, length: u32): u32 {
  const hash = length <= ID_INSIDE ? mixed(length, upTo16(id, length)) : hashOfLong(id, length);
  return <u32>(hash >> 32);
}

function hashOfLong(id: usize, length: u32): u64 {
  let hash: u64 = length;
  let p = id;
  let rest = length;
  for (; rest > 16; rest -= 16, p += 16) hash = mixed(hash, v128.load(p));
  return mixed(hash, upTo16(p, rest));
}

/** Whether the order has the id. */
// @ts-ignore: decorator
@inline function hasId(order: usize, id: usize, length: u32): bool {
  if (load<u32>(order, ID_LENGTH) != length) return false;
  if (length > ID_INSIDE) return hasLongId(<usize>load<u32>(order, ID), id, length);
  return !v128.any_true(v128.xor(v128.load(order, ID), upTo16(id, length)));
}

function hasLongId(a: usize, b: usize, length: u32): bool {
  let rest = length;
  let i: usize = 0;
  for (; rest > 16; rest -= 16, i += 16) if (v128.any_true(v128.xor(v128.load(a + i), v128.load(b + i)))) return false;
  return !v128.any_true(v128.xor(upTo16(a + i, rest), upTo16(b + i, rest)));
}

// @ts-ignore: decorator
@inline function isTagged(content: u32, hash: u32): bool {
  return content >> NUMBER_BITS == hash >> NUMBER_BITS;
}

// @ts-ignore: decorator
@inline function slotAt(place: u32): usize {
  return slots + 4 * <usize>(place & slotMask);
}

// @ts-ignore: decorator
@inline function slotContent(hash: u32, number: u32): u32 {
  return (hash & ~NUMBER_MASK) | (number + 1);
}

/** @returns the number of the order with this id, a new one's next number, or NO_ORDER if there are too many */
function findOrder(id: usize, length: u32, hash: u32): u32 {
  let free: usize = 0;
  for (let i: u32 = 0; i < REACH; i++) {
    const slot = slotAt(hash + i);
    const content = load<u32>(slot);
    if (content == 0) {
      free = slot;
      break;
    }
    if (isTagged(content, hash)) {
      const number = (content & NUMBER_MASK) - 1;
      if (hasId(orderAt(number), id, length)) return number;
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
  store<u32>(order, 1, NEXT);
  store<u32>(order, length, ID_LENGTH);
  store<u32>(order, hash, ID_HASH);
  if (length <= ID_INSIDE) {
    v128.store(order, upTo16(id, length), ID);
  } else {
    const room = (length + 31) & ~15; // read by sixteen bytes
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
    store<u32>(free, slotContent(hash, number));
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

/** Makes a larger table, and forgets the old one. */
function growTable(): void {
  const size = slotMask + 1;
  const larger = size < 1 << 18 ? 4 * size : 2 * size;
  slotMask = larger - 1;
  slots = take(4 * <usize>larger);
  const before = orderCount;
  for (let number: u32 = 0; number < before; number++) {
    if (hasElsewhere && isElsewhere(number)) continue;
    if (!place(number)) {
      placed--;
      keepElsewhere(number);
    }
  }
}

function isElsewhere(number: u32): bool {
  const order = orderAt(number);
  const length = load<u32>(order, ID_LENGTH);
  return elsewhere(idOf(order, length), length, -1) >= 0;
}

function place(number: u32): bool {
  const hash = load<u32>(orderAt(number), ID_HASH);
  for (let i: u32 = 0; i < REACH; i++) {
    const slot = slotAt(hash + i);
    if (load<u32>(slot) == 0) {
      store<u32>(slot, slotContent(hash, number));
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
  const id = load<u32>(IDS + 4 * i), length = load<u32>(ID_LENGTHS + 4 * i);
  linkHashed(i, line, hasOrderSeq, findOrder(id, length, hashOf(id, length)));
}

// @ts-ignore: decorator
@inline function linkHashed(i: u32, line: u32, hasOrderSeq: bool, number: u32): void {
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
    const next = load<u32>(order, NEXT);
    if (load<u32>(SEQUENCES + 4 * i) == next) {
      store<u32>(order, next + 1, NEXT);
    } else {
      store<u32>(BEFORES + 4 * i, next - 1);
      store<u32>(order, DOUBTFUL, NEXT); // from here on every line of the order is judged outside
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
  let to = from;
  while (to < end && load<u8>(STATUSES + to) != DEFERRED) to++;
  for (let i = from; i < to; i += GROUP) {
    const groupEnd = min(to, i + GROUP);
    fetchOrders(i, groupEnd);
    for (let j = i; j < groupEnd; j++) {
      const id = load<u32>(IDS + 4 * j), length = load<u32>(ID_LENGTHS + 4 * j), hash = load<u32>(ID_HASHES + 4 * j);
      const content = load<u32>(slotAt(hash));
      const guess = (content & NUMBER_MASK) - 1;
      const isIt = content != 0 && isTagged(content, hash) && hasId(orderAt(guess), id, length);
      linkHashed(j, line + j, hasOrderSeq, isIt ? guess : findOrder(id, length, hash));
    }
  }
  return to;
}

/** Lines whose orders are fetched together. */
const GROUP: u32 = 128;
let touched: u32 = 0;

/**
 * Hashes the ids of some lines and touches the table's slots and then the orders that they probably lead to. An order's last line is
 * long out of the cache; touched one after the other without need of an answer, many are on their way at once.
 */
function fetchOrders(from: u32, end: u32): void {
  for (let i = from; i < end; i++) {
    const hash = hashOf(load<u32>(IDS + 4 * i), load<u32>(ID_LENGTHS + 4 * i));
    store<u32>(ID_HASHES + 4 * i, hash);
    store<u32>(ORDERS + 4 * i, load<u32>(slotAt(hash)) & NUMBER_MASK);
  }
  let sum: u32 = 0;
  for (let i = from; i < end; i++) {
    const number = load<u32>(ORDERS + 4 * i);
    if (number != 0) sum += load<u32>(orderAt(number - 1), LAST_LINE);
  }
  touched = sum;
}

/** How many remarks were made on lines since the last call. */
export function takeFlagged(): u32 {
  const count = flagged;
  flagged = 0;
  return count;
}
