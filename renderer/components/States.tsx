/** What a screen shows when there is nothing yet, nothing readable, or nothing at all. */
import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import type { VaultError } from '../vault/contract.ts';
import styles from './States.module.css';

export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
	return (
		<div className={styles['state']}>
			<h2>{title}</h2>
			<div className={styles['words']}>{children}</div>
			{action}
		</div>
	);
}

export function ErrorState({ error, onRetry }: { error: VaultError; onRetry?: () => void }) {
	return (
		<div className={styles['state']} role="alert">
			<h2>This could not be shown</h2>
			<div className={styles['words']}>
				<p>{error.message}</p>
				<p className={styles['code']}>{error.code}</p>
			</div>
			{onRetry ? (
				<Button variant="default" onClick={onRetry}>
					Try again
				</Button>
			) : null}
		</div>
	);
}

const PATIENCE_MS = 200;

/** Lines where the content will stand, after a moment: a quick answer never flickers. */
export function Loading({ lines = 6 }: { lines?: number }) {
	const [isShown, setShown] = useState(false);
	useEffect(() => {
		const timer = setTimeout(() => setShown(true), PATIENCE_MS);
		return () => clearTimeout(timer);
	}, []);
	if (!isShown) return <div className={styles['loading']} aria-busy="true" />;
	return (
		<div className={styles['loading']} aria-busy="true" role="status" aria-label="Loading">
			{Array.from({ length: lines }, (_, line) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: the lines are alike and never move
				<div key={line} className={styles['line']} />
			))}
		</div>
	);
}
