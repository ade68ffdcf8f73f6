// SHA-256 (FIPS 180-4) over many messages at once: four in the lanes of vectors, a fifth in scalar registers beside them,
// because the scalar units would idle otherwise.
import { FIFTH_SCHEDULE, FIFTH_STATE, LANE_ROUND_KEYS, SCHEDULE, STATE } from './layout';

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

export function prepareRounds(): void {
  for (let i: usize = 0; i < 64; i++) v128.store(LANE_ROUND_KEYS + 16 * i, i32x4.splat(load<u32>(ROUND_KEYS + 4 * i)));
}

/** Sets the state of lane 0 to 4 to the beginning of a message. */
export function beginMessage(lane: usize): void {
  for (let i: usize = 0; i < 8; i++) {
    const word = load<u32>(INITIAL + 4 * i);
    if (lane < 4) store<u32>(STATE + 16 * i + 4 * lane, word);
    else store<u32>(FIFTH_STATE + 4 * i, word);
  }
}

// @ts-ignore: decorator
@inline function swapBytes(x: v128): v128 {
  return i8x16.shuffle(x, x, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}

/** Writes the digest of lane 0 to 4 to 32 bytes at `to`. */
export function writeDigest(lane: usize, to: usize): void {
  if (lane < 4) {
    const from = STATE + 4 * lane;
    for (let i: usize = 0; i < 8; i++) store<u32>(to + 4 * i, load<u32>(from + 16 * i));
  } else {
    v128.store(to, v128.load(FIFTH_STATE));
    v128.store(to + 16, v128.load(FIFTH_STATE + 16));
  }
  v128.store(to, swapBytes(v128.load(to)));
  v128.store(to + 16, swapBytes(v128.load(to + 16)));
}

/** Four words of the schedule, from 16 bytes of each of four messages. */
// @ts-ignore: decorator
@inline export function scheduleFour(to: usize, m0: v128, m1: v128, m2: v128, m3: v128): void {
  const low01 = i8x16.shuffle(m0, m1, 3, 2, 1, 0, 19, 18, 17, 16, 7, 6, 5, 4, 23, 22, 21, 20);
  const low23 = i8x16.shuffle(m2, m3, 3, 2, 1, 0, 19, 18, 17, 16, 7, 6, 5, 4, 23, 22, 21, 20);
  const high01 = i8x16.shuffle(m0, m1, 11, 10, 9, 8, 27, 26, 25, 24, 15, 14, 13, 12, 31, 30, 29, 28);
  const high23 = i8x16.shuffle(m2, m3, 11, 10, 9, 8, 27, 26, 25, 24, 15, 14, 13, 12, 31, 30, 29, 28);
  v128.store(to, v128.shuffle<i64>(low01, low23, 0, 2));
  v128.store(to, v128.shuffle<i64>(low01, low23, 1, 3), 16);
  v128.store(to, v128.shuffle<i64>(high01, high23, 0, 2), 32);
  v128.store(to, v128.shuffle<i64>(high01, high23, 1, 3), 48);
}

/** Four words of the fifth lane's schedule. */
// @ts-ignore: decorator
@inline export function scheduleFifth(to: usize, m: v128): void {
  v128.store(to, swapBytes(m));
}

// @ts-ignore: decorator
@inline function rotated(x: v128, n: i32): v128 {
  return v128.or(i32x4.shr_u(x, n), i32x4.shl(x, 32 - n));
}

// @ts-ignore: decorator
@inline function first(h: v128, e: v128, f: v128, g: v128, w: usize, k: usize, at: usize): v128 {
  const choice = v128.xor(g, v128.and(e, v128.xor(f, g)));
  const sum = v128.xor(v128.xor(rotated(e, 6), rotated(e, 11)), rotated(e, 25));
  return i32x4.add(i32x4.add(i32x4.add(h, i32x4.add(v128.load(w + at), v128.load(k + at))), choice), sum);
}

/** `ab` is a ^ b and `bc` is b ^ c, which was a ^ b in the round before. */
// @ts-ignore: decorator
@inline function second(t: v128, a: v128, b: v128, ab: v128, bc: v128): v128 {
  const majority = v128.xor(b, v128.and(ab, bc));
  return i32x4.add(i32x4.add(t, majority), v128.xor(v128.xor(rotated(a, 2), rotated(a, 13)), rotated(a, 22)));
}

/** Sixteen words on in the schedule. */
// @ts-ignore: decorator
@inline function extend(w: usize, at: usize): void {
  const x = v128.load(w + at, 16);
  const y = v128.load(w + at, 224);
  const low = v128.xor(v128.xor(rotated(x, 7), rotated(x, 18)), i32x4.shr_u(x, 3));
  const high = v128.xor(v128.xor(rotated(y, 17), rotated(y, 19)), i32x4.shr_u(y, 10));
  v128.store(w + at, i32x4.add(i32x4.add(v128.load(w + at), low), i32x4.add(v128.load(w + at, 144), high)), 256);
}

// @ts-ignore: decorator
@inline function firstScalar(h: u32, e: u32, f: u32, g: u32, w: usize, k: usize, at: usize): u32 {
  return h + load<u32>(w + at) + load<u32>(k + at) + (g ^ (e & (f ^ g))) + rotr<u32>(rotr<u32>(rotr<u32>(e, 14) ^ e, 5) ^ e, 6);
}

// @ts-ignore: decorator
@inline function secondScalar(t: u32, a: u32, b: u32, ab: u32, bc: u32): u32 {
  return t + (b ^ (ab & bc)) + rotr<u32>(rotr<u32>(rotr<u32>(a, 9) ^ a, 11) ^ a, 2);
}

// @ts-ignore: decorator
@inline function extendScalar(w: usize, at: usize): void {
  const x = load<u32>(w + at, 4);
  const y = load<u32>(w + at, 56);
  const low = rotr<u32>(rotr<u32>(x, 11) ^ x, 7) ^ (x >>> 3);
  const high = rotr<u32>(rotr<u32>(y, 2) ^ y, 17) ^ (y >>> 10);
  store<u32>(w + at, load<u32>(w + at) + low + load<u32>(w + at, 36) + high, 64);
}

/** One block of all five lanes, whose first sixteen words lie in the schedules. FIPS 180-4 section 6.2.2. */
export function compress(): void {
  let a = v128.load(STATE), b = v128.load(STATE, 16), c = v128.load(STATE, 32), d = v128.load(STATE, 48);
  let e = v128.load(STATE, 64), f = v128.load(STATE, 80), g = v128.load(STATE, 96), h = v128.load(STATE, 112);
  let aa = load<u32>(FIFTH_STATE), bb = load<u32>(FIFTH_STATE, 4), cc = load<u32>(FIFTH_STATE, 8), dd = load<u32>(FIFTH_STATE, 12);
  let ee = load<u32>(FIFTH_STATE, 16), ff = load<u32>(FIFTH_STATE, 20), gg = load<u32>(FIFTH_STATE, 24), hh = load<u32>(FIFTH_STATE, 28);
  let bc = v128.xor(b, c), ab: v128, t: v128;
  let bbcc = bb ^ cc, aabb: u32, tt: u32;
  let w: usize = SCHEDULE, x: usize = FIFTH_SCHEDULE, k: usize = LANE_ROUND_KEYS, y: usize = ROUND_KEYS;
  // Eight rounds a turn: then every letter is back in its place. The last sixteen need no more words.
  for (; w < SCHEDULE + 768; w += 128, x += 32, k += 128, y += 32) {
    t = first(h, e, f, g, w, k, 0); d = i32x4.add(d, t);
    ab = v128.xor(a, b); h = second(t, a, b, ab, bc);
    tt = firstScalar(hh, ee, ff, gg, x, y, 0); dd += tt;
    aabb = aa ^ bb; hh = secondScalar(tt, aa, bb, aabb, bbcc);
    extend(w, 0); extendScalar(x, 0);
    t = first(g, d, e, f, w, k, 16); c = i32x4.add(c, t);
    bc = v128.xor(h, a); g = second(t, h, a, bc, ab);
    tt = firstScalar(gg, dd, ee, ff, x, y, 4); cc += tt;
    bbcc = hh ^ aa; gg = secondScalar(tt, hh, aa, bbcc, aabb);
    extend(w, 16); extendScalar(x, 4);
    t = first(f, c, d, e, w, k, 32); b = i32x4.add(b, t);
    ab = v128.xor(g, h); f = second(t, g, h, ab, bc);
    tt = firstScalar(ff, cc, dd, ee, x, y, 8); bb += tt;
    aabb = gg ^ hh; ff = secondScalar(tt, gg, hh, aabb, bbcc);
    extend(w, 32); extendScalar(x, 8);
    t = first(e, b, c, d, w, k, 48); a = i32x4.add(a, t);
    bc = v128.xor(f, g); e = second(t, f, g, bc, ab);
    tt = firstScalar(ee, bb, cc, dd, x, y, 12); aa += tt;
    bbcc = ff ^ gg; ee = secondScalar(tt, ff, gg, bbcc, aabb);
    extend(w, 48); extendScalar(x, 12);
    t = first(d, a, b, c, w, k, 64); h = i32x4.add(h, t);
    ab = v128.xor(e, f); d = second(t, e, f, ab, bc);
    tt = firstScalar(dd, aa, bb, cc, x, y, 16); hh += tt;
    aabb = ee ^ ff; dd = secondScalar(tt, ee, ff, aabb, bbcc);
    extend(w, 64); extendScalar(x, 16);
    t = first(c, h, a, b, w, k, 80); g = i32x4.add(g, t);
    bc = v128.xor(d, e); c = second(t, d, e, bc, ab);
    tt = firstScalar(cc, hh, aa, bb, x, y, 20); gg += tt;
    bbcc = dd ^ ee; cc = secondScalar(tt, dd, ee, bbcc, aabb);
    extend(w, 80); extendScalar(x, 20);
    t = first(b, g, h, a, w, k, 96); f = i32x4.add(f, t);
    ab = v128.xor(c, d); b = second(t, c, d, ab, bc);
    tt = firstScalar(bb, gg, hh, aa, x, y, 24); ff += tt;
    aabb = cc ^ dd; bb = secondScalar(tt, cc, dd, aabb, bbcc);
    extend(w, 96); extendScalar(x, 24);
    t = first(a, f, g, h, w, k, 112); e = i32x4.add(e, t);
    bc = v128.xor(b, c); a = second(t, b, c, bc, ab);
    tt = firstScalar(aa, ff, gg, hh, x, y, 28); ee += tt;
    bbcc = bb ^ cc; aa = secondScalar(tt, bb, cc, bbcc, aabb);
    extend(w, 112); extendScalar(x, 28);
  }
  for (; w < SCHEDULE + 1024; w += 128, x += 32, k += 128, y += 32) {
    t = first(h, e, f, g, w, k, 0); d = i32x4.add(d, t);
    ab = v128.xor(a, b); h = second(t, a, b, ab, bc);
    tt = firstScalar(hh, ee, ff, gg, x, y, 0); dd += tt;
    aabb = aa ^ bb; hh = secondScalar(tt, aa, bb, aabb, bbcc);
    t = first(g, d, e, f, w, k, 16); c = i32x4.add(c, t);
    bc = v128.xor(h, a); g = second(t, h, a, bc, ab);
    tt = firstScalar(gg, dd, ee, ff, x, y, 4); cc += tt;
    bbcc = hh ^ aa; gg = secondScalar(tt, hh, aa, bbcc, aabb);
    t = first(f, c, d, e, w, k, 32); b = i32x4.add(b, t);
    ab = v128.xor(g, h); f = second(t, g, h, ab, bc);
    tt = firstScalar(ff, cc, dd, ee, x, y, 8); bb += tt;
    aabb = gg ^ hh; ff = secondScalar(tt, gg, hh, aabb, bbcc);
    t = first(e, b, c, d, w, k, 48); a = i32x4.add(a, t);
    bc = v128.xor(f, g); e = second(t, f, g, bc, ab);
    tt = firstScalar(ee, bb, cc, dd, x, y, 12); aa += tt;
    bbcc = ff ^ gg; ee = secondScalar(tt, ff, gg, bbcc, aabb);
    t = first(d, a, b, c, w, k, 64); h = i32x4.add(h, t);
    ab = v128.xor(e, f); d = second(t, e, f, ab, bc);
    tt = firstScalar(dd, aa, bb, cc, x, y, 16); hh += tt;
    aabb = ee ^ ff; dd = secondScalar(tt, ee, ff, aabb, bbcc);
    t = first(c, h, a, b, w, k, 80); g = i32x4.add(g, t);
    bc = v128.xor(d, e); c = second(t, d, e, bc, ab);
    tt = firstScalar(cc, hh, aa, bb, x, y, 20); gg += tt;
    bbcc = dd ^ ee; cc = secondScalar(tt, dd, ee, bbcc, aabb);
    t = first(b, g, h, a, w, k, 96); f = i32x4.add(f, t);
    ab = v128.xor(c, d); b = second(t, c, d, ab, bc);
    tt = firstScalar(bb, gg, hh, aa, x, y, 24); ff += tt;
    aabb = cc ^ dd; bb = secondScalar(tt, cc, dd, aabb, bbcc);
    t = first(a, f, g, h, w, k, 112); e = i32x4.add(e, t);
    bc = v128.xor(b, c); a = second(t, b, c, bc, ab);
    tt = firstScalar(aa, ff, gg, hh, x, y, 28); ee += tt;
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
