/** Writes ZIPs byte by byte, honest or hostile: every field of a header can be given a lie. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipItem {
	readonly name: string | Buffer;
	readonly bytes?: Buffer;
	readonly store?: boolean;
	/** Packed bytes to use instead of the real ones. */
	readonly packed?: Buffer;
	/** Fields of the central directory that differ from the truth. */
	readonly central?: Partial<ZipFields>;
	/** Fields of the local header that differ from the central ones. */
	readonly local?: Partial<ZipFields>;
	/** Use the header of the item at this index instead of an own one. */
	readonly sharesHeaderOf?: number;
	/** Put sizes and offset into a ZIP64 field. */
	readonly zip64?: boolean;
	/** Bit 3: sizes behind the data, local header empty. */
	readonly descriptor?: boolean;
}

interface ZipFields {
	readonly flags: number;
	readonly method: number;
	readonly crc: number;
	readonly packed: number;
	readonly size: number;
	readonly name: Buffer;
	readonly external: number;
	readonly offset: number;
}

export interface ZipLies {
	readonly entries?: number;
	readonly directoryOffset?: number;
	readonly comment?: Buffer;
	readonly zip64?: boolean;
	readonly tail?: Buffer;
	readonly disk?: number;
}

const u16 = (...values: number[]): Buffer => Buffer.concat(values.map((value) => Buffer.from([value & 0xff, (value >>> 8) & 0xff])));
const u32 = (...values: number[]): Buffer =>
	Buffer.concat(
		values.map((value) => {
			const bytes = Buffer.alloc(4);
			bytes.writeUInt32LE(value >>> 0);
			return bytes;
		}),
	);
const u64 = (...values: number[]): Buffer =>
	Buffer.concat(
		values.map((value) => {
			const bytes = Buffer.alloc(8);
			bytes.writeBigUInt64LE(BigInt(value));
			return bytes;
		}),
	);

const FULL = 0xffffffff;

export function zipOf(items: readonly ZipItem[], lies: ZipLies = {}): Buffer {
	const parts: Buffer[] = [];
	const central: Buffer[] = [];
	const offsets: number[] = [];
	let at = 0;
	const write = (...buffers: Buffer[]): void => {
		for (const buffer of buffers) {
			parts.push(buffer);
			at += buffer.length;
		}
	};
	for (const item of items) {
		const bytes = item.bytes ?? Buffer.alloc(0);
		const packed = item.packed ?? (item.store ? bytes : deflateRawSync(bytes));
		const truth: ZipFields = {
			flags: item.descriptor ? 8 : 0,
			method: item.store ? 0 : 8,
			crc: crc32(bytes),
			packed: packed.length,
			size: bytes.length,
			name: Buffer.from(item.name),
			external: 0o100644 * 0x10000,
			offset: at,
		};
		const said = { ...truth, ...item.central };
		if (item.sharesHeaderOf === undefined) {
			const local = { ...said, ...(item.descriptor ? { crc: 0, packed: 0, size: 0 } : {}), ...item.local };
			offsets.push(at);
			write(Buffer.from('PK\x03\x04'), u16(20, local.flags, local.method, 0, 0), u32(local.crc, local.packed, local.size));
			write(u16(local.name.length, 0), local.name, packed);
			if (item.descriptor) write(Buffer.from('PK\x07\x08'), u32(truth.crc, truth.packed, truth.size));
		} else offsets.push(offsets[item.sharesHeaderOf] as number);
		const offset = item.central?.offset ?? (offsets.at(-1) as number);
		const extra = item.zip64 ? Buffer.concat([u16(1, 24), u64(said.size, said.packed, offset)]) : Buffer.alloc(0);
		central.push(
			Buffer.from('PK\x01\x02'),
			u16((3 << 8) | 20, 20, said.flags, said.method, 0, 0),
			u32(said.crc, ...(item.zip64 ? [FULL, FULL] : [said.packed, said.size])),
			u16(said.name.length, extra.length, 0, 0, 0),
			u32(said.external, item.zip64 ? FULL : offset),
			said.name,
			extra,
		);
	}
	const directory = Buffer.concat(central);
	const start = lies.directoryOffset ?? at;
	write(directory);
	const count = lies.entries ?? items.length;
	if (lies.zip64) {
		const record = at;
		write(Buffer.from('PK\x06\x06'), u64(44), u16(45, 45), u32(0, 0), u64(count, count, directory.length, start));
		write(Buffer.from('PK\x06\x07'), u32(0), u64(record), u32(1));
		write(Buffer.from('PK\x05\x06'), u16(0xffff, 0xffff, 0xffff, 0xffff), u32(FULL, FULL));
	} else write(Buffer.from('PK\x05\x06'), u16(lies.disk ?? 0, lies.disk ?? 0, count, count), u32(directory.length, start));
	const comment = lies.comment ?? Buffer.alloc(0);
	write(u16(comment.length), comment, lies.tail ?? Buffer.alloc(0));
	return Buffer.concat(parts);
}
