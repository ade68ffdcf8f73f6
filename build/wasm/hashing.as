// Leaf hashes of a batch's lines, and the tree above them: RFC 6962 section 2.1.
import {
  BY_BLOCKS, FIFTH_SCHEDULE, IDLE_BLOCK, LANES, LEAVES, LENGTHS, NODES, NODE_ENDS, SCHEDULE, STARTS, TAILS,
} from './layout';
import { beginMessage, beginMessages, compress, scheduleFifth, scheduleFour, scheduleKnown, wordOrder, writeDigest, writeDigests } from './sha256';

const LANE_COUNT: usize = 5;
/** Lines of fewer blocks are hashed with others of as many. */
const ALIKE_MAX: u32 = 64;

/** Where a line's preimage begins: the leaf prefix takes the place of the line feed before it, or of the byte before the input. */
// @ts-ignore: decorator
@inline function preimageOf(line: u32): usize {
  const start = <usize>load<u32>(STARTS + 4 * line) - 1;
  store<u8>(start, 0);
  return start;
}

// @ts-ignore: decorator
@inline function preimageLength(line: u32): u32 {
  return load<u32>(LENGTHS + 4 * line) + 1;
}

// @ts-ignore: decorator
@inline function leafOf(line: u32): usize {
  return LEAVES + 32 * <usize>line;
}

/** Blocks of the padded preimage: a byte 0x80 and eight of length behind it. */
// @ts-ignore: decorator
@inline function blocksOf(line: u32): u32 {
  return (preimageLength(line) + 72) >> 6;
}

/**
 * Hashes the lines at places `first` to `end` of the batch into LEAVES: five of as many blocks at a time, in step; what then remains,
 * and long lines, one after the other through the lanes.
 */
export function hashLines(first: u32, end: u32): void {
  // A counting sort by number of blocks. Each kind's counter moves on to the end of its places.
  memory.fill(COUNTERS, 0, 4 * (ALIKE_MAX + 1));
  for (let i = first; i < end; i++) {
    const counter = COUNTERS + 4 * <usize>min(blocksOf(i), ALIKE_MAX);
    store<u32>(counter, load<u32>(counter) + 1);
  }
  let sum: u32 = 0;
  for (let kind: usize = 0; kind <= ALIKE_MAX; kind++) {
    const count = load<u32>(COUNTERS + 4 * kind);
    store<u32>(COUNTERS + 4 * kind, sum);
    sum += count;
  }
  for (let i = first; i < end; i++) {
    const counter = COUNTERS + 4 * <usize>min(blocksOf(i), ALIKE_MAX);
    const place = load<u32>(counter);
    store<u16>(BY_BLOCKS + 2 * <usize>place, <u16>i);
    store<u32>(counter, place + 1);
  }
  let from: u32 = 0;
  let rest: u32 = 0; // lines that are left over move to the front
  for (let kind: usize = 0; kind <= ALIKE_MAX; kind++) {
    const to = load<u32>(COUNTERS + 4 * kind);
    if (kind < ALIKE_MAX) for (; from + <u32>LANE_COUNT <= to; from += <u32>LANE_COUNT) hashAlike(BY_BLOCKS + 2 * <usize>from, <u32>kind);
    for (; from < to; from++, rest++) store<u16>(BY_BLOCKS + 2 * <usize>rest, load<u16>(BY_BLOCKS + 2 * <usize>from));
  }
  hashRest(rest);
}

const COUNTERS = memory.data(4 * 65, 16);

/** Five lines of `blocks` blocks each, whose places stand at `places`. */
function hashAlike(places: usize, blocks: u32): void {
  const i0 = <u32>load<u16>(places), i1 = <u32>load<u16>(places, 2), i2 = <u32>load<u16>(places, 4);
  const i3 = <u32>load<u16>(places, 6), i4 = <u32>load<u16>(places, 8);
  let m0 = preimageOf(i0), m1 = preimageOf(i1), m2 = preimageOf(i2), m3 = preimageOf(i3), m4 = preimageOf(i4);
  const padded0 = padEnd(0, m0, preimageLength(i0)), padded1 = padEnd(1, m1, preimageLength(i1)), padded2 = padEnd(2, m2, preimageLength(i2));
  const padded3 = padEnd(3, m3, preimageLength(i3)), padded4 = padEnd(4, m4, preimageLength(i4));
  beginMessages();
  for (let left = blocks; left > 2; left--) {
    compressBlocks(m0, m1, m2, m3, m4);
    m0 += 64; m1 += 64; m2 += 64; m3 += 64; m4 += 64;
  }
  // The last block but one is whole or padded, lane by lane; the last is padded.
  if (blocks > 1) {
    compressBlocks(
      lastButOne(m0, 0, padded0), lastButOne(m1, 1, padded1), lastButOne(m2, 2, padded2), lastButOne(m3, 3, padded3), lastButOne(m4, 4, padded4),
    );
  }
  compressBlocks(lastBlock(0, padded0), lastBlock(1, padded1), lastBlock(2, padded2), lastBlock(3, padded3), lastBlock(4, padded4));
  writeDigests(leafOf(i0), leafOf(i1), leafOf(i2), leafOf(i3), leafOf(i4));
}

// @ts-ignore: decorator
@inline function tailOf(l: usize): usize {
  return TAILS + 128 * l;
}

// @ts-ignore: decorator
@inline function lastButOne(block: usize, l: usize, padded: u32): usize {
  return select(block, tailOf(l), padded == 1);
}

// @ts-ignore: decorator
@inline function lastBlock(l: usize, padded: u32): usize {
  return tailOf(l) + 64 * <usize>(padded - 1);
}

// Sixteen times 0xff, then zeros: from place 64 - n on, a mask of n bytes.
const MASK_RAMP = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/**
 * Copies what a preimage has behind its last whole block into the lane's tail and pads it, FIPS 180-4 section 5.1.1.
 * @returns the blocks of the tail, 1 or 2
 */
function padEnd(l: usize, preimage: usize, length: u32): u32 {
  const rest = length & 63;
  const from = preimage + (length - rest);
  const tail = tailOf(l);
  const ramp = MASK_RAMP + 64 - rest;
  for (let i: usize = 0; i < 64; i += 16) {
    v128.store(tail + i, v128.and(v128.load(from + i), v128.load(ramp + i)));
    v128.store(tail + i, i64x2.splat(0), 64);
  }
  store<u8>(tail + rest, 0x80);
  const blocks: u32 = rest < 56 ? 1 : 2;
  store<u64>(tail + 64 * blocks - 8, bswap<u64>(<u64>length << 3));
  return blocks;
}

// @ts-ignore: decorator
@inline function scheduleBlocks(m0: usize, m1: usize, m2: usize, m3: usize, m4: usize): void {
  const order = wordOrder();
  for (let i: usize = 0; i < 64; i += 16) {
    scheduleFour(SCHEDULE + 4 * i, order, v128.load(m0 + i), v128.load(m1 + i), v128.load(m2 + i), v128.load(m3 + i));
    scheduleFifth(FIFTH_SCHEDULE + 4 * i, order, v128.load(m4 + i));
  }
}

function compressBlocks(m0: usize, m1: usize, m2: usize, m3: usize, m4: usize): void {
  scheduleBlocks(m0, m1, m2, m3, m4);
  compress(false);
}

// --- lines that are not alike: each lane takes the next when its line has ended

// A lane: where its next block lies, whole blocks left, padded blocks left, the line's place.
// @ts-ignore: decorator
@inline function lane(l: usize): usize {
  return LANES + 16 * l;
}

/** Hashes the first `count` lines whose places stand at BY_BLOCKS. */
function hashRest(count: u32): void {
  let next: u32 = 0;
  let busy: u32 = 0;
  for (let l: usize = 0; l < LANE_COUNT; l++) {
    if (next < count) {
      takeLine(l, next++);
      busy++;
    } else {
      idle(l);
    }
  }
  while (busy > 0) {
    compressBlocks(nextBlock(0), nextBlock(1), nextBlock(2), nextBlock(3), nextBlock(4));
    for (let l: usize = 0; l < LANE_COUNT; l++) {
      if (!hasEnded(l)) continue;
      writeDigest(l, leafOf(load<u32>(lane(l), 12)));
      if (next < count) {
        takeLine(l, next++);
      } else {
        idle(l);
        busy--;
      }
    }
  }
}

function takeLine(l: usize, i: u32): void {
  const line = <u32>load<u16>(BY_BLOCKS + 2 * <usize>i);
  const preimage = preimageOf(line), length = preimageLength(line);
  beginMessage(l);
  store<u32>(lane(l), length < 64 ? tailOf(l) : preimage);
  store<u32>(lane(l), length >> 6, 4);
  store<u32>(lane(l), padEnd(l, preimage, length), 8);
  store<u32>(lane(l), line, 12);
}

/** An idle lane chews zeros. */
function idle(l: usize): void {
  v128.store(lane(l), i32x4(0, 0, 0, 0));
}

// @ts-ignore: decorator
@inline function nextBlock(l: usize): usize {
  const block = <usize>load<u32>(lane(l));
  return block == 0 ? IDLE_BLOCK : block;
}

/** Moves a lane on by the block it has just used; says whether that was its line's last. */
function hasEnded(l: usize): bool {
  if (load<u32>(lane(l)) == 0) return false;
  const whole = load<u32>(lane(l), 4);
  if (whole > 0) {
    store<u32>(lane(l), whole > 1 ? load<u32>(lane(l)) + 64 : tailOf(l));
    store<u32>(lane(l), whole - 1, 4);
    return false;
  }
  const padded = load<u32>(lane(l), 8) - 1;
  store<u32>(lane(l), load<u32>(lane(l)) + 64);
  store<u32>(lane(l), padded, 8);
  return padded == 0;
}

// --- nodes

/** The schedules of the last block of a node's preimage: its 65th byte, the padding, and the length of 520 bits. */
export function prepareNodes(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    const table = nodeEnd(byte);
    memory.fill(table, 0, 64);
    store<u32>(table, (byte << 24) | 0x00800000);
    store<u32>(table, 520, 60);
    for (let w = table; w < table + 192; w += 4) {
      const x = load<u32>(w, 4), y = load<u32>(w, 56);
      const low = rotr<u32>(x, 7) ^ rotr<u32>(x, 18) ^ (x >>> 3), high = rotr<u32>(y, 17) ^ rotr<u32>(y, 19) ^ (y >>> 10);
      store<u32>(w, load<u32>(w) + low + load<u32>(w, 36) + high, 64);
    }
  }
}

// @ts-ignore: decorator
@inline function nodeEnd(byte: u32): usize {
  return NODE_ENDS + 256 * <usize>byte;
}

/** The table for the last block of the preimage of a pair of nodes. */
// @ts-ignore: decorator
@inline function endOf(pair: usize): usize {
  return nodeEnd(load<u8>(pair, 63));
}

/** The first sixteen bytes of a node's preimage: 0x01 and fifteen bytes of the left child. */
// @ts-ignore: decorator
@inline function prefixed(pair: usize): v128 {
  return i8x16.replace_lane(v128.load(pair - 1), 0, 1);
}

/** Hashes `pairs` pairs of nodes standing side by side at `from` into their parents at `to`, which may be `from`. */
export function hashPairs(from: usize, pairs: u32, to: usize): void {
  const end = from + 64 * <usize>pairs;
  const order = wordOrder();
  for (; from < end; from += 64 * LANE_COUNT, to += 32 * LANE_COUNT) {
    // Lanes without a pair repeat the last one, and write to where nothing is kept.
    const last = end - 64;
    const p1 = min(from + 64, last), p2 = min(from + 128, last), p3 = min(from + 192, last), p4 = min(from + 256, last);
    const e0 = endOf(from), e1 = endOf(p1), e2 = endOf(p2), e3 = endOf(p3), e4 = endOf(p4);
    beginMessages();
    scheduleFour(SCHEDULE, order, prefixed(from), prefixed(p1), prefixed(p2), prefixed(p3));
    scheduleFifth(FIFTH_SCHEDULE, order, prefixed(p4));
    for (let i: usize = 16; i < 64; i += 16) {
      scheduleFour(SCHEDULE + 4 * i, order, v128.load(from + i - 1), v128.load(p1 + i - 1), v128.load(p2 + i - 1), v128.load(p3 + i - 1));
      scheduleFifth(FIFTH_SCHEDULE + 4 * i, order, v128.load(p4 + i - 1));
    }
    compress(false);
    scheduleKnown(e0, e1, e2, e3, e4);
    compress(true);
    writeDigests(
      to, from + 64 < end ? to + 32 : TAILS, from + 128 < end ? to + 64 : TAILS, from + 192 < end ? to + 96 : TAILS, from + 256 < end ? to + 128 : TAILS,
    );
  }
}

/** Folds the leaf hashes of the batch's first `tiles` times 256 lines into one root each, at NODES. */
export function foldTiles(tiles: u32): void {
  let pairs = tiles << 7;
  hashPairs(LEAVES, pairs, NODES);
  while (pairs > tiles) {
    pairs >>= 1;
    hashPairs(NODES, pairs, NODES);
  }
}
