import type { SyncStop } from './syncStop.ts';

/** Thrown through the import by a feed that stops; `stop` is what the person is told. */
export class FeedStopped extends Error {
	readonly stop: SyncStop;
	constructor(stop: SyncStop) {
		super(stop.message);
		this.name = 'FeedStopped';
		this.stop = stop;
	}
}
