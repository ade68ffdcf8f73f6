/** Says that a field holds what was typed before the last lock, and takes it away on demand. */
import { formatInstantLocal, formatTimeLocal } from '../app/format.ts';
import styles from './DraftNotice.module.css';

interface DraftNoticeProps {
	/** When it was typed, RFC 3339; null: nothing is said. */
	readonly at: string | null;
	/** Puts it into the log; left out where a button of the form does. */
	readonly onKeep?: () => void;
	readonly onDiscard: () => void;
}

export function DraftNotice({ at, onKeep, onDiscard }: DraftNoticeProps) {
	if (at === null) return null;
	const isToday = new Date(at).toDateString() === new Date().toDateString();
	return (
		<p className={styles['notice']} role="status">
			<span>
				Draft of <time dateTime={at}>{isToday ? formatTimeLocal(at) : formatInstantLocal(at)}</time> restored
			</span>
			{onKeep ? (
				<button type="button" onClick={onKeep}>
					Keep
				</button>
			) : null}
			<button type="button" onClick={onDiscard}>
				Discard
			</button>
		</p>
	);
}
