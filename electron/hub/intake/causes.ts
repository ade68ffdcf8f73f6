/** Why a line was set aside as a dead letter. Closed: every code has a sentence, and the payload is kept with it. */
import { printable } from '#evidence';

export const CAUSES = {
	not_utf8: 'the line is not valid UTF-8',
	blank_line: 'the line is empty',
	line_too_long: 'the line is longer than 60,000 bytes',
	not_json: 'the line is not JSON',
	too_deep: 'the line nests deeper than 32 levels',
	duplicate_key: 'a key stands twice in one object, so its value is ambiguous',
	number_out_of_range: 'a number is not a whole number within ±(2^53−1)',
	not_an_envelope: 'the line is not of the form {"table":"…","record":{…}}',
	unknown_schema_version: 'the contract has no such schema version',
	unknown_table: 'the data model has no such table',
	missing_value: 'a required value is missing',
	wrong_type: 'a value has the wrong type',
	bad_value: 'a value is not of its kind',
	disclosure_differs: 'a disclosure does not open a commitment of its record',
	event_altered: 'an event of this id is sealed already, with other content',
	sequence_taken: 'this place in the order is taken by another event',
	predecessor_missing: 'the event before it did not arrive within the window',
	chain_differs: 'it names another predecessor than the last event of its order in this log',
	waiting_full: 'too many events wait for their predecessors',
	batch_differs: 'the batch is not as its declaration says',
	poison_message: 'the message could not be taken after all its attempts',
	not_identified: 'the message has no id, so a second delivery could not be told from a second message',
	id_reused: 'a message of this id came before, with other content',
	unreadable_batch: 'the batch can not be read',
} as const;

export type CauseCode = keyof typeof CAUSES;

export interface Cause {
	readonly code: CauseCode;
	/** What stood there and what was expected; null where the code says all. Without control characters, cut short. */
	readonly detail: string | null;
}

const MAX_DETAIL = 160;

export function cause(code: CauseCode, detail: string | null = null): Cause {
	return { code, detail: detail === null ? null : printableDetail(detail) };
}

/** One sentence for whoever has to mend it. */
export const describeCause = ({ code, detail }: Cause): string => (detail === null ? CAUSES[code] : `${CAUSES[code]}: ${detail}`);

/** Nothing that came from outside reaches a log or a database as a control character, half a surrogate or without bound. */
function printableDetail(text: string): string {
	const plain = printable(text.toWellFormed());
	return plain.length > MAX_DETAIL ? `${plain.slice(0, MAX_DETAIL - 1).toWellFormed()}…` : plain;
}
