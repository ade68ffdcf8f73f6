/** Says that engagements which this machine held are in its store no longer, and were not disposed of here. */
import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Callout } from '../../components/Callout.tsx';
import { forgetEngagements, missingEngagements } from '../../state/seenEngagements.ts';
import styles from './Unlock.module.css';

/** @param present ids of the engagements in the store, without the sample */
export function MissingEngagements({ present }: { present: readonly string[] }) {
	const [missing, setMissing] = useState<readonly string[]>([]);
	const listed = present.join(' ');
	useEffect(() => setMissing(missingEngagements(listed === '' ? [] : listed.split(' '))), [listed]);
	if (missing.length === 0) return null;
	const [what, them] = missing.length === 1 ? ['An engagement', 'it'] : [`${missing.length} engagements`, 'them'];
	return (
		<Callout tone="fail" isAlert>
			<strong>{what} that this machine held can no longer be found in its store.</strong> The store was damaged, or removed outside this
			program. Leave the disk as it is until it was examined, and restore {them} from a backup.
			<div className={styles['actions']}>
				<Button
					variant="default"
					size="xs"
					onClick={() => {
						forgetEngagements(missing);
						setMissing([]);
					}}
				>
					Do not say this again
				</Button>
			</div>
		</Callout>
	);
}
