/** Says that engagements which this machine held are in its store no longer, and were not disposed of here. */
import { Button } from '@mantine/core';
import { formatCount } from '../../app/format.ts';
import { Callout } from '../../components/Callout.tsx';
import styles from './Unlock.module.css';

export function MissingEngagements({ count, onForget }: { count: number; onForget: () => void }) {
	const [what, them] = count === 1 ? ['An engagement', 'it'] : [`${formatCount(count)} engagements`, 'them'];
	return (
		<Callout tone="fail" isAlert>
			<strong>✕ {what} that this machine held can no longer be found in its store.</strong> The store was damaged, or removed outside this
			program.
			<ol className={styles['todo']}>
				<li>Leave the disk as it is until it was examined.</li>
				<li>Restore {them} from a backup.</li>
			</ol>
			<Button variant="default" size="xs" onClick={onForget}>
				Do not say this again
			</Button>
		</Callout>
	);
}
