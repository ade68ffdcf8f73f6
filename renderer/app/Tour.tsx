/** The first-run tour of the sample: six stops, each on its screen, left at any time. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useNav } from '../state/nav.ts';
import { usePrefs } from '../state/prefs.ts';
import styles from './Shell.module.css';
import type { ScreenId } from './screen.ts';
import { useSummary } from './useSummary.ts';

const STOPS: readonly { readonly screen: ScreenId; readonly title: string; readonly text: string }[] = [
	{
		screen: 'data',
		title: 'What was handed over',
		text: 'Each table against its declaration: rows, control totals, hash. What differs says so; what is malformed is set aside, never dropped.',
	},
	{
		screen: 'integrity',
		title: 'Is it unaltered?',
		text: 'Every event is hashed into its order’s chain and one log. Try the tamper lab: each attack runs on a copy, and you see what catches it.',
	},
	{
		screen: 'procedures',
		title: 'Every test over every row',
		text: 'Run all (R). A test without data says not testable; one with open rows says incomplete. Nothing passes silently.',
	},
	{
		screen: 'exceptions',
		title: 'Triage by keys',
		text: 'J and K move, 1 confirms, 2 explains, 4 is below trivial, H waits for the client. Enter saves and goes on; Ctrl+Z takes back.',
	},
	{
		screen: 'findings',
		title: 'Findings and sign-off',
		text: 'Condition, criteria, cause, effect, with evidence. A second person reviews; whatever changes after a sign-off shows Δ.',
	},
	{
		screen: 'packs',
		title: 'A pack anybody can check',
		text: 'The signed PDF carries data, proofs and results. It verifies without Tieout, and its tests run again to the same hashes.',
	},
];

export function Tour() {
	const summary = useSummary();
	const { tourDone, change } = usePrefs();
	const go = useNav((nav) => nav.go);
	const [at, setAt] = useState(0);
	const stop = STOPS[at];
	if (!summary?.isSample || tourDone || !stop) return null;
	const step = (next: number): void => {
		const to = STOPS[next];
		if (!to) {
			end();
			return;
		}
		setAt(next);
		go(to.screen);
	};
	const end = (): void => {
		setAt(0);
		change({ tourDone: true });
	};
	return (
		<section className={styles['tour']} aria-label="Tour of the sample">
			<h2>{stop.title}</h2>
			<p>{stop.text}</p>
			<div className={styles['tourFoot']}>
				<span className={styles['muted']}>
					{at + 1} of {STOPS.length}
				</span>
				<span>
					<Button variant="subtle" onClick={end}>
						Leave the tour
					</Button>{' '}
					<Button variant="default" onClick={() => go(stop.screen)}>
						Show me
					</Button>{' '}
					<Button onClick={() => step(at + 1)}>{at + 1 < STOPS.length ? 'Next' : 'Done'}</Button>
				</span>
			</div>
		</section>
	);
}
