/** Why synchronising stopped, where only a person can go on: a hub that is not believed, or that needs something of this side. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { isDistrust, type SyncStop } from '#sync';
import { copyText } from '../../app/bridge.ts';
import { syncNow } from '../../app/syncActions.ts';
import layoutStyles from '../../components/Layout.module.css';
import textStyles from '../../components/Text.module.css';
import { Instant } from '../../components/Values.tsx';
import { useNav } from '../../state/nav.ts';
import type { SyncStatus } from '../../vault/feedApi.ts';
import { CardHead } from './CardHead.tsx';
import styles from './Sync.module.css';
import { stopWords, technicalDetails } from './stops.ts';

/** Of evidence. */
export function StopCard({ stop, status }: { stop: SyncStop; status: SyncStatus }) {
	const set = useNav((nav) => nav.set);
	const [isCopied, setCopied] = useState(false);
	const { title, meaning, safe, steps, isOfConnection } = stopWords(stop);
	const distrusted = isDistrust(stop);
	return (
		<article className={styles['card']} data-tone={distrusted ? 'fail' : 'warn'} aria-label={title}>
			<CardHead tone={distrusted ? 'fail' : 'warn'} word={distrusted ? 'Hub not believed' : 'Stopped'} title={title} />
			<p>{stop.message}</p>
			<p className={textStyles['muted']}>
				{meaning} {status.lastAt === null ? null : <Instant at={status.lastAt} />}
			</p>
			<p>{safe}</p>
			<ol className={styles['steps']}>
				{steps.map((step) => (
					<li key={step}>{step}</li>
				))}
			</ol>
			<details>
				<summary>Technical details: {stop.code}</summary>
				{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
				<pre className={styles['raw']} tabIndex={0}>
					{technicalDetails(stop, status)}
				</pre>
			</details>
			<div className={layoutStyles['row']}>
				<Button variant="default" onClick={() => void copyText(technicalDetails(stop, status)).then(setCopied)}>
					{isCopied ? 'Copied' : 'Copy technical details'}
				</Button>
				{isOfConnection ? (
					<Button variant="default" onClick={() => set({ tab: 'connection' })}>
						Open the connection
					</Button>
				) : null}
				<Button variant="default" onClick={() => void syncNow()}>
					Ask the hub again
				</Button>
			</div>
		</article>
	);
}

/** Of work papers. */
export function PapersStop({ code, message, at }: { code: string; message: string; at: number | null }) {
	const isDistrusted = code === 'distrusted';
	return (
		<article className={styles['card']} data-tone={isDistrusted ? 'fail' : 'warn'} aria-label="Work papers not exchanged">
			<CardHead tone={isDistrusted ? 'fail' : 'warn'} word={isDistrusted ? 'Hub not believed' : 'Not exchanged'} title="Work papers" />
			<p>{message}</p>
			{isDistrusted && at === null ? null : (
				<p className={textStyles['muted']}>
					{isDistrusted ? '' : code.replaceAll('_', ' ')} {at === null ? null : <Instant at={at} />}
				</p>
			)}
		</article>
	);
}
