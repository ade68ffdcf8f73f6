import { md5 as noble } from '@noble/hashes/legacy.js';

/** MD5 (RFC 1321), 16 bytes: a checksum that file formats ask for by name. It proves nothing; evidence is named by SHA-256. */
export const md5 = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(noble(bytes));
