/** A file that is read at any offset, and one of the window's read in pieces. */
import type { Answer, JobControl } from './contract.ts';
import { VaultFailure } from './vaultError.ts';

export interface ByteSource {
	readonly size: number;
	/** Fewer bytes only at its end. */
	read(offset: number, length: number): Promise<Uint8Array>;
}

/** Answers at least one byte, unless it is asked behind the end. */
export type PieceReader = (offset: number, length: number) => Promise<Answer<Uint8Array>>;

const PIECE = 4_194_304;

/**
 * A source over pieces: many small readings in order cost few pieces. It throws `VaultFailure` where a piece is refused or the job is
 * cancelled.
 * @param passes how often it is read from end to end, for the progress of `job`
 */
export function piecedSource(size: number, piece: PieceReader, job: JobControl, passes: number): ByteSource {
	let held = { from: 0, bytes: new Uint8Array(0) };
	let done = 0;
	const fetch = async (offset: number, length: number): Promise<Uint8Array> => {
		const whole = new Uint8Array(Math.min(length, size - offset));
		let filled = 0;
		while (filled < whole.length) {
			const answer = await piece(offset + filled, Math.min(PIECE, whole.length - filled));
			if (!answer.ok) throw new VaultFailure(answer.error.code, answer.error.message);
			if (answer.value.length === 0) return whole.subarray(0, filled);
			whole.set(answer.value.subarray(0, whole.length - filled), filled);
			filled += answer.value.length;
			done = Math.min(done + answer.value.length, size * passes);
			job.progress('reading', done, size * passes, 'bytes');
		}
		return whole;
	};
	return {
		size,
		read: async (offset, length) => {
			if (job.signal.aborted) throw new VaultFailure('cancelled', 'It was cancelled; nothing was changed.');
			if (offset >= size) return new Uint8Array(0);
			const end = held.from + held.bytes.length;
			if (offset < held.from || Math.min(offset + length, size) > end)
				held = { from: offset, bytes: new Uint8Array(await fetch(offset, Math.max(length, PIECE))) };
			return held.bytes.subarray(offset - held.from, offset - held.from + length);
		},
	};
}
