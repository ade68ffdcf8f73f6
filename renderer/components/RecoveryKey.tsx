/** A recovery key, shown this once: until it is said to be kept, there is no way on. */
import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { copyText } from '../app/bridge.ts';
import styles from './RecoveryKey.module.css';

interface RecoveryKeyProps {
	readonly recoveryKey: string;
	/** What the button that leaves says. */
	readonly action: string;
	readonly onDone: () => void;
}

export function RecoveryKey({ recoveryKey, action, onDone }: RecoveryKeyProps) {
	const [isKept, setKept] = useState(false);
	return (
		<div className={styles['card']}>
			<p>
				It opens the engagement when the passphrase is lost. It is shown this once: print it or write it down, and keep it away from this
				machine.
			</p>
			<div className={styles['key']} data-testid="recovery-key">
				{recoveryKey}
			</div>
			<div>
				<Button variant="default" onClick={() => void copyText(recoveryKey)}>
					Copy
				</Button>
			</div>
			<Checkbox label="I have kept it in a safe place" checked={isKept} onChange={({ currentTarget }) => setKept(currentTarget.checked)} />
			<div>
				<Button disabled={!isKept} onClick={onDone}>
					{action}
				</Button>
			</div>
		</div>
	);
}
