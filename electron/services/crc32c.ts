/** The Castagnoli checksum (CRC-32C, RFC 3720 appendix B.4), which the browser's store puts on what it writes. */
import { crcOf } from './crc.ts';

export const crc32c = crcOf(0x82f63b78);
