/** One question under way: what it holds is given back when its answer is out or its asker gone, whichever comes first. */
import type { FastifyReply } from 'fastify';

export class Visit {
	readonly began = performance.now();
	readonly #gone = new AbortController();
	readonly #endings: (() => void)[] = [];
	#isOver = false;
	/** Known once somebody was. */
	tenant: string | null = null;

	/** @param stopping ends when the hub stops */
	constructor(reply: FastifyReply, stopping: AbortSignal) {
		const stop = (): void => this.#gone.abort();
		stopping.addEventListener('abort', stop, { once: true });
		if (stopping.aborted) stop();
		reply.raw.once('close', () => {
			this.#isOver = true;
			stopping.removeEventListener('abort', stop);
			stop();
			for (const end of this.#endings) end();
		});
	}

	get signal(): AbortSignal {
		return this.#gone.signal;
	}

	/** Done when the visit is over, at once where it is. */
	atEnd(ending: () => void): void {
		if (this.#isOver) ending();
		else this.#endings.push(ending);
	}
}
