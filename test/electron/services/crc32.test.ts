import { crc32 as nodeCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { portableCrc32 } from '../../../electron/services/crc32.ts';

test('the portable checksum is Node’s, whole and in pieces', () => {
	expect(portableCrc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (one, two) => {
			expect(portableCrc32(one)).toBe(nodeCrc32(one));
			expect(portableCrc32(two, portableCrc32(one))).toBe(nodeCrc32(two, nodeCrc32(one)));
		}),
	);
});
