/** Exit statuses of every command: a contract with scripts (spec of the command line). */
export const EXIT = {
	/** Done, nothing adverse. */
	done: 0,
	/** Done, with exceptions or a failed verification. */
	adverse: 1,
	/** Wrong use or unreadable input; nothing was written. */
	refused: 2,
	/** A fault of ours. */
	fault: 3,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command with status 2 and one line: what, where, how to mend. */
export class Refusal extends Error {}

export function refuse(message: string): never {
	throw new Refusal(message);
}

/** Refuses a drop: its errors name places inside it, so the drop itself is put in front where they do not. */
export function refuseDrop(drop: string, { message }: { readonly message: string }): never {
	return refuse(message.includes(drop) ? message : `${drop}: ${message}`);
}
