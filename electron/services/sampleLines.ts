/** A file of lines, hashed while it is written. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';

const CHUNK_BYTES = 1 << 18;
/** UTF-8 takes at most three bytes for one UTF-16 unit. */
const BYTES_A_UNIT = 3;
const LINE_FEED = 0x0a;

export interface WrittenLines {
	readonly sha256: string;
	readonly bytes: number;
	readonly rows: number;
}

export class SampleLines {
	private readonly descriptor: number;
	private readonly hash = createHash('sha256');
	private readonly chunk = Buffer.allocUnsafe(CHUNK_BYTES);
	private held = 0;
	private bytes = 0;
	private rows = 0;
	private isOpen = true;

	/** @param path a file that does not exist yet */
	constructor(path: string) {
		this.descriptor = openSync(path, 'wx');
	}

	write(line: string): void {
		this.rows++;
		const most = line.length * BYTES_A_UNIT + 1;
		if (this.held + most > CHUNK_BYTES) this.flush();
		if (most > CHUNK_BYTES) this.put(Buffer.from(`${line}\n`, 'utf8'));
		else {
			this.held += this.chunk.write(line, this.held, 'utf8');
			this.chunk[this.held++] = LINE_FEED;
		}
	}

	private flush(): void {
		this.put(this.chunk.subarray(0, this.held));
		this.held = 0;
	}

	private put(bytes: Uint8Array): void {
		this.hash.update(bytes);
		this.bytes += bytes.length;
		for (let at = 0; at < bytes.length; ) at += writeSync(this.descriptor, bytes, at);
	}

	close(): WrittenLines {
		this.flush();
		this.abandon();
		return { sha256: this.hash.digest('hex'), bytes: this.bytes, rows: this.rows };
	}

	/** Lets go of the file, ended or not. */
	abandon(): void {
		if (this.isOpen) closeSync(this.descriptor);
		this.isOpen = false;
	}
}
