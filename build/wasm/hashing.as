// Leaf hashes of a batch's lines, and the tree above them (RFC 6962 section 2.1). Five messages are always under way; when one ends, the next line takes its lane.
import { FIFTH_SCHEDULE, IDLE_BLOCK, LANES, LEAVES, LENGTHS, NODES, SCHEDULE, STARTS, TAILS } from './layout';
import { beginMessage, compress, scheduleFifth, scheduleFour, writeDigest } from './sha256';

const LANE_COUNT: usize = 5;

// @ts-ignore: decorator
@inline function lane(l: usize): usize {
  return LANES + 16 * l;
}

/** Puts a line into a lane: its blocks as they lie, with the leaf prefix before it, and a padded copy of its end. */
function takeLine(l: usize, line: u32): void {
  const start = <usize>load<u32>(STARTS + 4 * line) - 1;
  const length = load<u32>(LENGTHS + 4 * line) + 1;
  store<u8>(start, 0); // was the line feed before, or the byte before the input
  beginMessage(l);
  padEnd(l, start + (length & ~63), length & 63, length);
  store<u32>(lane(l), start);
  store<u32>(lane(l), length >> 6, 4);
  store<u32>(lane(l), line, 12);
}

/** Copies the last `rest` < 64 bytes of a message into the lane's tail and pads them, FIPS 180-4 section 5.1.1. */
function padEnd(l: usize, from: usize, rest: u32, length: u32): void {
  const tail = TAILS + 128 * l;
  const count = i8x16.splat(<i8>rest);
  const iota = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  for (let i: usize = 0; i < 64; i += 16) {
    const kept = i8x16.gt_s(count, i8x16.add(iota, i8x16.splat(<i8>i)));
    v128.store(tail + i, v128.and(v128.load(from + i), kept));
    v128.store(tail + i, i64x2.splat(0), 64);
  }
  store<u8>(tail + rest, 0x80);
  const blocks: u32 = rest < 56 ? 1 : 2;
  store<u64>(tail + (blocks << 6) - 8, bswap<u64>(<u64>length << 3));
  store<u32>(lane(l), blocks, 8);
}

/** Where the lane's next block lies; advances the lane. Idle lanes chew zeros. */
// @ts-ignore: decorator
@inline function nextBlock(l: usize): usize {
  const block = <usize>load<u32>(lane(l));
  store<u32>(lane(l), block + 64);
  return block;
}

/** Moves a lane that has used up its whole blocks on to its tail. @returns whether the message has ended */
// @ts-ignore: decorator
@inline function step(l: usize): bool {
  const whole = load<u32>(lane(l), 4);
  if (whole > 1) {
    store<u32>(lane(l), whole - 1, 4);
    return false;
  }
  return stepTail(l, whole);
}

function stepTail(l: usize, whole: u32): bool {
  if (whole == 1) {
    store<u32>(lane(l), 0, 4);
    store<u32>(lane(l), TAILS + 128 * l);
    return false;
  }
  const padded = load<u32>(lane(l), 8) - 1;
  store<u32>(lane(l), padded, 8);
  return padded == 0;
}

/** Hashes the lines at places `first` to `count` of the batch into LEAVES. */
export function hashLines(first: u32, count: u32): void {
  let next = first;
  let running: u32 = 0;
  let busy: u32 = 0;
  for (let l: usize = 0; l < LANE_COUNT; l++) {
    if (next < count) {
      takeNext(l, next++);
      busy |= 1 << <u32>l;
      running++;
    } else {
      idle(l);
    }
  }
  while (running > 0) {
    loadBlocks();
    compress();
    for (let l: usize = 0; l < LANE_COUNT; l++) {
      if (!(busy & (1 << <u32>l))) {
        idle(l);
      } else if (step(l)) {
        writeDigest(l, LEAVES + 32 * <usize>load<u32>(lane(l), 12));
        if (next < count) {
          takeNext(l, next++);
        } else {
          busy &= ~(1 << <u32>l);
          running--;
          idle(l);
        }
      }
    }
  }
}

function takeNext(l: usize, line: u32): void {
  takeLine(l, line);
  if (load<u32>(lane(l), 4) == 0) store<u32>(lane(l), TAILS + 128 * l);
}

function idle(l: usize): void {
  store<u32>(lane(l), IDLE_BLOCK);
}

// @ts-ignore: decorator
@inline function loadBlocks(): void {
  const m0 = nextBlock(0), m1 = nextBlock(1), m2 = nextBlock(2), m3 = nextBlock(3), m4 = nextBlock(4);
  for (let i: usize = 0; i < 64; i += 16) {
    scheduleFour(SCHEDULE + 4 * i, v128.load(m0 + i), v128.load(m1 + i), v128.load(m2 + i), v128.load(m3 + i));
    scheduleFifth(FIFTH_SCHEDULE + i, v128.load(m4 + i));
  }
}

/** The first sixteen bytes of a node's preimage: 0x01 and fifteen bytes of the left child. */
// @ts-ignore: decorator
@inline function prefixed(pair: usize): v128 {
  return i8x16.replace_lane(v128.load(pair - 1), 0, 1);
}

/** The last block of a node's preimage: the right child's last byte, the padding and the length of 520 bits. */
// @ts-ignore: decorator
@inline function nodeEnd(pair: usize): u32 {
  return (<u32>load<u8>(pair, 63) << 24) | 0x00800000;
}

/** Hashes `pairs` pairs of nodes standing side by side at `from` into their parents at `to`, which may be `from`. */
export function hashPairs(from: usize, pairs: u32, to: usize): void {
  const end = from + 64 * <usize>pairs;
  for (; from < end; from += 64 * LANE_COUNT, to += 32 * LANE_COUNT) {
    // Lanes without a pair repeat the last one: they write nothing.
    const last = end - 64;
    const p1 = min(from + 64, last), p2 = min(from + 128, last), p3 = min(from + 192, last), p4 = min(from + 256, last);
    for (let l: usize = 0; l < LANE_COUNT; l++) beginMessage(l);
    scheduleFour(SCHEDULE, prefixed(from), prefixed(p1), prefixed(p2), prefixed(p3));
    scheduleFifth(FIFTH_SCHEDULE, prefixed(p4));
    for (let i: usize = 16; i < 64; i += 16) {
      scheduleFour(SCHEDULE + 4 * i, v128.load(from + i - 1), v128.load(p1 + i - 1), v128.load(p2 + i - 1), v128.load(p3 + i - 1));
      scheduleFifth(FIFTH_SCHEDULE + i, v128.load(p4 + i - 1));
    }
    const firstWords = i32x4.replace_lane(i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(nodeEnd(from)), 1, nodeEnd(p1)), 2, nodeEnd(p2)), 3, nodeEnd(p3));
    const fifthWord = nodeEnd(p4);
    compress();
    v128.store(SCHEDULE, firstWords);
    store<u32>(FIFTH_SCHEDULE, fifthWord);
    for (let i: usize = 1; i < 15; i++) {
      v128.store(SCHEDULE + 16 * i, i64x2.splat(0));
      store<u32>(FIFTH_SCHEDULE + 4 * i, 0);
    }
    v128.store(SCHEDULE + 240, i32x4.splat(520));
    store<u32>(FIFTH_SCHEDULE + 60, 520);
    compress();
    const written = min(LANE_COUNT, (end - from) >> 6);
    for (let l: usize = 0; l < written; l++) writeDigest(l, to + 32 * l);
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
