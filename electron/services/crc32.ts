/** The checksum of ZIP entries (ISO 3309). Node's own where it has one; older runtimes of the window have none. */
import * as zlib from 'node:zlib';
import { crcOf } from './crc.ts';

export const portableCrc32 = crcOf(0xedb88320);

export const crc32: (bytes: Uint8Array, before?: number) => number = 'crc32' in zlib ? zlib.crc32 : portableCrc32;
