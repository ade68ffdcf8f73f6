import { describe, expect, it } from 'vitest';
import { md5, toHex, utf8 } from '#kernel';

describe('MD5, as file formats ask for it', () => {
	it.each([
		['', 'd41d8cd98f00b204e9800998ecf8427e'],
		['abc', '900150983cd24fb0d6963f7d28e17f72'],
		['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
		['12345678901234567890123456789012345678901234567890123456789012345678901234567890', '57edf4a22be3c955ac49da2e2107b67a'],
	])('of %j is that of RFC 1321, appendix A.5', (text, digest) => {
		expect(toHex(md5(utf8(text)))).toBe(digest);
	});
});
