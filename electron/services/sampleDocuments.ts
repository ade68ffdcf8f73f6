/** Writes a sample's documents while its rows go on: creating a file takes far longer than making what is in it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Files being written at one time. */
const IN_FLIGHT_MAX = 64;

export class SampleDocuments {
	private readonly folder: string;
	private count = 0;
	private bytes = 0;
	private readonly inFlight: Promise<void>[] = [];
	private failure: Error | null = null;

	/** @param folder the drop's `documents` folder */
	constructor(folder: string) {
		this.folder = folder;
	}

	/** Starts to write a document of ASCII text under its hash. Each is to be given once. */
	add(sha256: string, content: string): void {
		this.count++;
		this.bytes += content.length;
		const written = writeFile(join(this.folder, sha256), content, 'latin1').catch((error: Error) => {
			this.failure ??= error;
		});
		this.inFlight.push(written);
	}

	get isBusy(): boolean {
		return this.inFlight.length > IN_FLIGHT_MAX;
	}

	/** Waits until few enough are in flight, or none. Throws what went wrong with any so far. */
	async settle(most = IN_FLIGHT_MAX): Promise<void> {
		while (this.inFlight.length > most) await this.inFlight.shift();
		if (this.failure) throw this.failure;
	}

	get summary(): { readonly count: number; readonly bytes: number } {
		return { count: this.count, bytes: this.bytes };
	}
}
