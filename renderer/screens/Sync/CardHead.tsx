/** The first line of a card that needs a person: its verdict, and what it is about. */
import { type Tone, VerdictBadge } from '../../components/VerdictBadge.tsx';
import styles from './Sync.module.css';

export function CardHead({ tone, word, title }: { tone: Tone; word: string; title: string }) {
	return (
		<h3 className={styles['cardHead']}>
			<VerdictBadge tone={tone}>{word}</VerdictBadge> <span>{title}</span>
		</h3>
	);
}
