// SHA-256 (FIPS 180-4) over many messages at once: four in the lanes of vectors, a fifth in scalar registers beside them,
// because the scalar units would idle otherwise.
import { FIFTH_SCHEDULE, FIFTH_STATE, LANE_INITIAL, LANE_ROUND_KEYS, SCHEDULE, STATE } from './layout';

// From a word of the four lanes to the fifth's, and to the constant of its round.
const FIFTH: usize = FIFTH_SCHEDULE - SCHEDULE;
const ROUND_KEY: usize = LANE_ROUND_KEYS - SCHEDULE;

const ROUND_KEYS = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);

// Where the digest's first words begin, FIPS 180-4 section 5.3.3.
const INITIAL = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

// The order in which a shuffle turns words around. It is read from memory where it is used: a constant would be built anew each time.
const SWAP = memory.data<u8>([3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12]);

// @ts-ignore: decorator
@inline export function wordOrder(): v128 {
  return v128.load(SWAP);
}

export function prepareHashing(): void {
  for (let i: usize = 0; i < 64; i++) v128.store(LANE_ROUND_KEYS + 16 * i, i32x4.splat(load<u32>(ROUND_KEYS + 4 * i)));
  for (let i: usize = 0; i < 8; i++) v128.store(LANE_INITIAL + 16 * i, i32x4.splat(load<u32>(INITIAL + 4 * i)));
}

/** Sets the state of all lanes to the beginning of a message. */
export function beginMessages(): void {
  for (let i: usize = 0; i < 128; i += 16) v128.store(STATE + i, v128.load(LANE_INITIAL + i));
  v128.store(FIFTH_STATE, v128.load(INITIAL));
  v128.store(FIFTH_STATE, v128.load(INITIAL, 16), 16);
}

/** Sets the state of lane 0 to 4 to the beginning of a message. */
export function beginMessage(lane: usize): void {
  for (let i: usize = 0; i < 8; i++) {
    const word = load<u32>(INITIAL + 4 * i);
    if (lane < 4) store<u32>(STATE + 16 * i + 4 * lane, word);
    else store<u32>(FIFTH_STATE + 4 * i, word);
  }
}

/** Writes the digest of lane 0 to 4 to 32 bytes at `to`. */
export function writeDigest(lane: usize, to: usize): void {
  if (lane < 4) {
    const from = STATE + 4 * lane;
    for (let i: usize = 0; i < 8; i++) store<u32>(to + 4 * i, load<u32>(from + 16 * i));
  } else {
    v128.store(to, v128.load(FIFTH_STATE));
    v128.store(to, v128.load(FIFTH_STATE, 16), 16);
  }
  const order = wordOrder();
  v128.store(to, i8x16.swizzle(v128.load(to), order));
  v128.store(to, i8x16.swizzle(v128.load(to, 16), order), 16);
}

/** Writes the digests of all lanes. */
export function writeDigests(to0: usize, to1: usize, to2: usize, to3: usize, to4: usize): void {
  const order = wordOrder();
  for (let i: usize = 0; i < 2; i++) {
    const rows = STATE + 64 * i;
    const a = i8x16.swizzle(v128.load(rows), order), b = i8x16.swizzle(v128.load(rows, 16), order);
    const c = i8x16.swizzle(v128.load(rows, 32), order), d = i8x16.swizzle(v128.load(rows, 48), order);
    const low01 = v128.shuffle<i32>(a, b, 0, 4, 1, 5), low23 = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    const high01 = v128.shuffle<i32>(a, b, 2, 6, 3, 7), high23 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    v128.store(to0 + 16 * i, v128.shuffle<i64>(low01, low23, 0, 2));
    v128.store(to1 + 16 * i, v128.shuffle<i64>(low01, low23, 1, 3));
    v128.store(to2 + 16 * i, v128.shuffle<i64>(high01, high23, 0, 2));
    v128.store(to3 + 16 * i, v128.shuffle<i64>(high01, high23, 1, 3));
    v128.store(to4 + 16 * i, i8x16.swizzle(v128.load(FIFTH_STATE + 16 * i), order));
  }
}

/** Four words of the schedule, from 16 bytes of each of four messages. */
// @ts-ignore: decorator
@inline export function scheduleFour(to: usize, swap: v128, m0: v128, m1: v128, m2: v128, m3: v128): void {
  const a = i8x16.swizzle(m0, swap), b = i8x16.swizzle(m1, swap), c = i8x16.swizzle(m2, swap), d = i8x16.swizzle(m3, swap);
  const low01 = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
  const low23 = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
  const high01 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  const high23 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(low01, low23, 0, 2));
  v128.store(to, v128.shuffle<i64>(low01, low23, 1, 3), 16);
  v128.store(to, v128.shuffle<i64>(high01, high23, 0, 2), 32);
  v128.store(to, v128.shuffle<i64>(high01, high23, 1, 3), 48);
}

/** Four words of the fifth lane's schedule. */
// @ts-ignore: decorator
@inline export function scheduleFifth(to: usize, swap: v128, m: v128): void {
  spread(to, i8x16.swizzle(m, swap));
}

/** Stores four words of the fifth lane sixteen bytes from each other. */
// @ts-ignore: decorator
@inline function spread(to: usize, words: v128): void {
  v128.store_lane<u32>(to, words, 0);
  v128.store_lane<u32>(to, words, 1, 16);
  v128.store_lane<u32>(to, words, 2, 32);
  v128.store_lane<u32>(to, words, 3, 48);
}

/** The whole schedule of a block that is known beforehand: 64 words from a table for each lane. */
export function scheduleKnown(t0: usize, t1: usize, t2: usize, t3: usize, t4: usize): void {
  for (let i: usize = 0; i < 256; i += 16) {
    const a = v128.load(t0 + i), b = v128.load(t1 + i), c = v128.load(t2 + i), d = v128.load(t3 + i);
    const low01 = v128.shuffle<i32>(a, b, 0, 4, 1, 5), low23 = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    const high01 = v128.shuffle<i32>(a, b, 2, 6, 3, 7), high23 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    const to = SCHEDULE + 4 * i;
    v128.store(to, v128.shuffle<i64>(low01, low23, 0, 2));
    v128.store(to, v128.shuffle<i64>(low01, low23, 1, 3), 16);
    v128.store(to, v128.shuffle<i64>(high01, high23, 0, 2), 32);
    v128.store(to, v128.shuffle<i64>(high01, high23, 1, 3), 48);
    spread(FIFTH_SCHEDULE + 4 * i, v128.load(t4 + i));
  }
}

// @ts-ignore: decorator
@inline function rotated(x: v128, n: i32): v128 {
  return v128.or(i32x4.shr_u(x, n), i32x4.shl(x, 32 - n));
}

/** First half of a round, FIPS 180-4 section 6.2.2: what is added to d, and begins the new a. `w` is where the round's word lies. */
// @ts-ignore: decorator
@inline function first(h: v128, e: v128, f: v128, g: v128, word: v128, w: usize): v128 {
  const choice = v128.xor(g, v128.and(e, v128.xor(f, g)));
  const sum = v128.xor(v128.xor(rotated(e, 6), rotated(e, 11)), rotated(e, 25));
  return i32x4.add(i32x4.add(i32x4.add(h, i32x4.add(word, v128.load(w, ROUND_KEY))), choice), sum);
}

/** Second half: the new a. `ab` is a ^ b and `bc` is b ^ c, which was a ^ b in the round before. */
// @ts-ignore: decorator
@inline function second(t: v128, a: v128, b: v128, ab: v128, bc: v128): v128 {
  const majority = v128.xor(b, v128.and(ab, bc));
  return i32x4.add(i32x4.add(t, majority), v128.xor(v128.xor(rotated(a, 2), rotated(a, 13)), rotated(a, 22)));
}

/** The word sixteen rounds on. */
// @ts-ignore: decorator
@inline function extend(w: usize, word: v128): void {
  const x = v128.load(w, 16);
  const y = v128.load(w, 224);
  const low = v128.xor(v128.xor(rotated(x, 7), rotated(x, 18)), i32x4.shr_u(x, 3));
  const high = v128.xor(v128.xor(rotated(y, 17), rotated(y, 19)), i32x4.shr_u(y, 10));
  v128.store(w, i32x4.add(i32x4.add(word, low), i32x4.add(v128.load(w, 144), high)), 256);
}

// The same for the fifth lane. Its words lie as far from each other as the vectors, so that one address register serves all.

// @ts-ignore: decorator
@inline function firstScalar(h: u32, e: u32, f: u32, g: u32, word: u32, w: usize): u32 {
  return h + word + load<u32>(w, ROUND_KEY) + (((f ^ g) & e) ^ g) + rotr<u32>(rotr<u32>(rotr<u32>(e, 14) ^ e, 5) ^ e, 6);
}

// @ts-ignore: decorator
@inline function secondScalar(t: u32, a: u32, b: u32, ab: u32, bc: u32): u32 {
  return ((bc & ab) ^ b) + t + rotr<u32>(rotr<u32>(rotr<u32>(a, 9) ^ a, 11) ^ a, 2);
}

// @ts-ignore: decorator
@inline function extendScalar(w: usize, word: u32): void {
  const x = load<u32>(w, FIFTH + 16);
  const y = load<u32>(w, FIFTH + 224);
  const low = (rotr<u32>(rotr<u32>(x, 11) ^ x, 7)) ^ (x >>> 3);
  const high = (rotr<u32>(rotr<u32>(y, 2) ^ y, 17)) ^ (y >>> 10);
  store<u32>(w, word + low + load<u32>(w, FIFTH + 144) + high, FIFTH + 256);
}

/** One block of all five lanes, FIPS 180-4 section 6.2.2. Their schedules hold its first sixteen words, or all 64 if they are known. */
export function compress(isKnown: bool): void {
  let a = v128.load(STATE), b = v128.load(STATE, 16), c = v128.load(STATE, 32), d = v128.load(STATE, 48);
  let e = v128.load(STATE, 64), f = v128.load(STATE, 80), g = v128.load(STATE, 96), h = v128.load(STATE, 112);
  let aa = load<u32>(FIFTH_STATE), bb = load<u32>(FIFTH_STATE, 4), cc = load<u32>(FIFTH_STATE, 8), dd = load<u32>(FIFTH_STATE, 12);
  let ee = load<u32>(FIFTH_STATE, 16), ff = load<u32>(FIFTH_STATE, 20), gg = load<u32>(FIFTH_STATE, 24), hh = load<u32>(FIFTH_STATE, 28);
  let bc = v128.xor(b, c), ab: v128, t: v128, word: v128;
  let bbcc = bb ^ cc, aabb: u32, tt: u32, scalar: u32;
  let w: usize = SCHEDULE;
  // Eight rounds a turn: then every letter is back in its place. The last sixteen need no more words.
  const known = isKnown ? SCHEDULE : SCHEDULE + 768;
  for (; w < known; w += 128) {
    word = v128.load(w + 0); t = first(h, e, f, g, word, w + 0); d = i32x4.add(d, t);
    ab = v128.xor(a, b); h = second(t, a, b, ab, bc);
    extend(w + 0, word);
    scalar = load<u32>(w + 0, FIFTH); tt = firstScalar(hh, ee, ff, gg, scalar, w + 0); dd += tt;
    aabb = aa ^ bb; hh = secondScalar(tt, aa, bb, aabb, bbcc);
    extendScalar(w + 0, scalar);
    word = v128.load(w + 16); t = first(g, d, e, f, word, w + 16); c = i32x4.add(c, t);
    bc = v128.xor(h, a); g = second(t, h, a, bc, ab);
    extend(w + 16, word);
    scalar = load<u32>(w + 16, FIFTH); tt = firstScalar(gg, dd, ee, ff, scalar, w + 16); cc += tt;
    bbcc = hh ^ aa; gg = secondScalar(tt, hh, aa, bbcc, aabb);
    extendScalar(w + 16, scalar);
    word = v128.load(w + 32); t = first(f, c, d, e, word, w + 32); b = i32x4.add(b, t);
    ab = v128.xor(g, h); f = second(t, g, h, ab, bc);
    extend(w + 32, word);
    scalar = load<u32>(w + 32, FIFTH); tt = firstScalar(ff, cc, dd, ee, scalar, w + 32); bb += tt;
    aabb = gg ^ hh; ff = secondScalar(tt, gg, hh, aabb, bbcc);
    extendScalar(w + 32, scalar);
    word = v128.load(w + 48); t = first(e, b, c, d, word, w + 48); a = i32x4.add(a, t);
    bc = v128.xor(f, g); e = second(t, f, g, bc, ab);
    extend(w + 48, word);
    scalar = load<u32>(w + 48, FIFTH); tt = firstScalar(ee, bb, cc, dd, scalar, w + 48); aa += tt;
    bbcc = ff ^ gg; ee = secondScalar(tt, ff, gg, bbcc, aabb);
    extendScalar(w + 48, scalar);
    word = v128.load(w + 64); t = first(d, a, b, c, word, w + 64); h = i32x4.add(h, t);
    ab = v128.xor(e, f); d = second(t, e, f, ab, bc);
    extend(w + 64, word);
    scalar = load<u32>(w + 64, FIFTH); tt = firstScalar(dd, aa, bb, cc, scalar, w + 64); hh += tt;
    aabb = ee ^ ff; dd = secondScalar(tt, ee, ff, aabb, bbcc);
    extendScalar(w + 64, scalar);
    word = v128.load(w + 80); t = first(c, h, a, b, word, w + 80); g = i32x4.add(g, t);
    bc = v128.xor(d, e); c = second(t, d, e, bc, ab);
    extend(w + 80, word);
    scalar = load<u32>(w + 80, FIFTH); tt = firstScalar(cc, hh, aa, bb, scalar, w + 80); gg += tt;
    bbcc = dd ^ ee; cc = secondScalar(tt, dd, ee, bbcc, aabb);
    extendScalar(w + 80, scalar);
    word = v128.load(w + 96); t = first(b, g, h, a, word, w + 96); f = i32x4.add(f, t);
    ab = v128.xor(c, d); b = second(t, c, d, ab, bc);
    extend(w + 96, word);
    scalar = load<u32>(w + 96, FIFTH); tt = firstScalar(bb, gg, hh, aa, scalar, w + 96); ff += tt;
    aabb = cc ^ dd; bb = secondScalar(tt, cc, dd, aabb, bbcc);
    extendScalar(w + 96, scalar);
    word = v128.load(w + 112); t = first(a, f, g, h, word, w + 112); e = i32x4.add(e, t);
    bc = v128.xor(b, c); a = second(t, b, c, bc, ab);
    extend(w + 112, word);
    scalar = load<u32>(w + 112, FIFTH); tt = firstScalar(aa, ff, gg, hh, scalar, w + 112); ee += tt;
    bbcc = bb ^ cc; aa = secondScalar(tt, bb, cc, bbcc, aabb);
    extendScalar(w + 112, scalar);
  }
  for (; w < SCHEDULE + 1024; w += 128) {
    word = v128.load(w + 0); t = first(h, e, f, g, word, w + 0); d = i32x4.add(d, t);
    ab = v128.xor(a, b); h = second(t, a, b, ab, bc);
    scalar = load<u32>(w + 0, FIFTH); tt = firstScalar(hh, ee, ff, gg, scalar, w + 0); dd += tt;
    aabb = aa ^ bb; hh = secondScalar(tt, aa, bb, aabb, bbcc);
    word = v128.load(w + 16); t = first(g, d, e, f, word, w + 16); c = i32x4.add(c, t);
    bc = v128.xor(h, a); g = second(t, h, a, bc, ab);
    scalar = load<u32>(w + 16, FIFTH); tt = firstScalar(gg, dd, ee, ff, scalar, w + 16); cc += tt;
    bbcc = hh ^ aa; gg = secondScalar(tt, hh, aa, bbcc, aabb);
    word = v128.load(w + 32); t = first(f, c, d, e, word, w + 32); b = i32x4.add(b, t);
    ab = v128.xor(g, h); f = second(t, g, h, ab, bc);
    scalar = load<u32>(w + 32, FIFTH); tt = firstScalar(ff, cc, dd, ee, scalar, w + 32); bb += tt;
    aabb = gg ^ hh; ff = secondScalar(tt, gg, hh, aabb, bbcc);
    word = v128.load(w + 48); t = first(e, b, c, d, word, w + 48); a = i32x4.add(a, t);
    bc = v128.xor(f, g); e = second(t, f, g, bc, ab);
    scalar = load<u32>(w + 48, FIFTH); tt = firstScalar(ee, bb, cc, dd, scalar, w + 48); aa += tt;
    bbcc = ff ^ gg; ee = secondScalar(tt, ff, gg, bbcc, aabb);
    word = v128.load(w + 64); t = first(d, a, b, c, word, w + 64); h = i32x4.add(h, t);
    ab = v128.xor(e, f); d = second(t, e, f, ab, bc);
    scalar = load<u32>(w + 64, FIFTH); tt = firstScalar(dd, aa, bb, cc, scalar, w + 64); hh += tt;
    aabb = ee ^ ff; dd = secondScalar(tt, ee, ff, aabb, bbcc);
    word = v128.load(w + 80); t = first(c, h, a, b, word, w + 80); g = i32x4.add(g, t);
    bc = v128.xor(d, e); c = second(t, d, e, bc, ab);
    scalar = load<u32>(w + 80, FIFTH); tt = firstScalar(cc, hh, aa, bb, scalar, w + 80); gg += tt;
    bbcc = dd ^ ee; cc = secondScalar(tt, dd, ee, bbcc, aabb);
    word = v128.load(w + 96); t = first(b, g, h, a, word, w + 96); f = i32x4.add(f, t);
    ab = v128.xor(c, d); b = second(t, c, d, ab, bc);
    scalar = load<u32>(w + 96, FIFTH); tt = firstScalar(bb, gg, hh, aa, scalar, w + 96); ff += tt;
    aabb = cc ^ dd; bb = secondScalar(tt, cc, dd, aabb, bbcc);
    word = v128.load(w + 112); t = first(a, f, g, h, word, w + 112); e = i32x4.add(e, t);
    bc = v128.xor(b, c); a = second(t, b, c, bc, ab);
    scalar = load<u32>(w + 112, FIFTH); tt = firstScalar(aa, ff, gg, hh, scalar, w + 112); ee += tt;
    bbcc = bb ^ cc; aa = secondScalar(tt, bb, cc, bbcc, aabb);
  }
  v128.store(STATE, i32x4.add(a, v128.load(STATE, 0)), 0);
  v128.store(STATE, i32x4.add(b, v128.load(STATE, 16)), 16);
  v128.store(STATE, i32x4.add(c, v128.load(STATE, 32)), 32);
  v128.store(STATE, i32x4.add(d, v128.load(STATE, 48)), 48);
  v128.store(STATE, i32x4.add(e, v128.load(STATE, 64)), 64);
  v128.store(STATE, i32x4.add(f, v128.load(STATE, 80)), 80);
  v128.store(STATE, i32x4.add(g, v128.load(STATE, 96)), 96);
  v128.store(STATE, i32x4.add(h, v128.load(STATE, 112)), 112);
  store<u32>(FIFTH_STATE, aa + load<u32>(FIFTH_STATE, 0), 0);
  store<u32>(FIFTH_STATE, bb + load<u32>(FIFTH_STATE, 4), 4);
  store<u32>(FIFTH_STATE, cc + load<u32>(FIFTH_STATE, 8), 8);
  store<u32>(FIFTH_STATE, dd + load<u32>(FIFTH_STATE, 12), 12);
  store<u32>(FIFTH_STATE, ee + load<u32>(FIFTH_STATE, 16), 16);
  store<u32>(FIFTH_STATE, ff + load<u32>(FIFTH_STATE, 20), 20);
  store<u32>(FIFTH_STATE, gg + load<u32>(FIFTH_STATE, 24), 24);
  store<u32>(FIFTH_STATE, hh + load<u32>(FIFTH_STATE, 28), 28);
}
