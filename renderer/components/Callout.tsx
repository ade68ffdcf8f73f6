/** A sentence that must not be overlooked, with a bar in the colour of its verdict. */
import type { ReactNode } from 'react';
import styles from './Callout.module.css';

export function Callout({ tone = 'warn', isAlert = false, children }: { tone?: 'warn' | 'fail'; isAlert?: boolean; children: ReactNode }) {
	return (
		<div className={styles['callout']} data-tone={tone} {...(isAlert ? { role: 'alert' } : {})}>
			{children}
		</div>
	);
}
