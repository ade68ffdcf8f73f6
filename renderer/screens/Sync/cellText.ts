/** Values of work papers as people read them, side by side, and which of them can be written anew here. */
import { type CellValue, linkWords, parseCell, STATE_WORDS, VERDICT_WORDS } from '#findings';

/** Lines to show; `null` stands for "nothing". */
export function cellText(cell: string, value: CellValue): string {
	if (value === null || value === '') return 'nothing';
	if (typeof value === 'boolean') return value ? 'yes' : 'no';
	if (typeof value !== 'object') {
		const parsed = parseCell(cell);
		return parsed?.kind === 'finding' && parsed.field === 'state'
			? (STATE_WORDS[value as keyof typeof STATE_WORDS] ?? String(value))
			: String(value);
	}
	if ('verdict' in value) {
		const { verdict, cause, note, duplicateOf } = value;
		return [
			VERDICT_WORDS[verdict],
			cause === null ? null : `Cause: ${cause}`,
			note === '' ? null : note,
			duplicateOf === null ? null : `Duplicate of ${duplicateOf.slice(0, 8)}`,
		]
			.filter((line) => line !== null)
			.join('\n');
	}
	if ('screen' in value) return `${value.name}\n${value.definition}`;
	return linkWords(value);
}

const CHOSEN_FIELDS: ReadonlySet<string> = new Set(['severity', 'state']);

/** Whether a person may write a third value in its place: free text only; the others are chosen where they belong. */
export function isWritable(cell: string): boolean {
	const parsed = parseCell(cell);
	switch (parsed?.kind) {
		case 'finding':
			return !CHOSEN_FIELDS.has(parsed.field);
		case 'engagement':
			return parsed.field !== 'deadline';
		default:
			return false;
	}
}
