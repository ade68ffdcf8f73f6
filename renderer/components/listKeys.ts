/** Where a key leads in a list that is walked by keys. */

const PAGE = 10;

/** @returns a row that may lie outside the list: clamp it; null where the key does not lead anywhere */
export function rowByKey(key: string, at: number, count: number): number | null {
	switch (key) {
		case 'ArrowDown':
		case 'j':
			return at + 1;
		case 'ArrowUp':
		case 'k':
			return at - 1;
		case 'Home':
			return 0;
		case 'End':
			return count - 1;
		case 'PageDown':
			return at + PAGE;
		case 'PageUp':
			return at - PAGE;
		default:
			return null;
	}
}
