/** What was let out of an open engagement and waits until it is known to be written. */

export interface Leaving {
	/** "Order list as CSV: state is shipped" */
	readonly what: string;
	/** 0 where it is no list, such as a backup. */
	readonly rows: number;
	/** Of its content; null: of the file, as it is read back. */
	readonly sha256: string | null;
}

export interface ExportGate {
	put(exportId: string, leaving: Leaving): void;
	/** Once. */
	take(exportId: string): Leaving | null;
}

/** Exports that nobody told the end of are forgotten, the oldest first. */
const HELD_MAX = 100;

export function exportGate(): ExportGate {
	const held = new Map<string, Leaving>();
	return {
		put: (exportId, leaving) => {
			held.set(exportId, leaving);
			for (const oldest of held.keys()) {
				if (held.size <= HELD_MAX) return;
				held.delete(oldest);
			}
		},
		take: (exportId) => {
			const leaving = held.get(exportId) ?? null;
			held.delete(exportId);
			return leaving;
		},
	};
}
