/** One attack: who would want it, what is expected to catch it, what did, and the bytes before and after. */

import { Button } from '@mantine/core';
import type { AttackChange, AttackOutcome, AttackView } from '#explore';
import { FactList, KeyHint, Panel } from '../../components/Frame.tsx';
import textStyles from '../../components/Text.module.css';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import styles from './Integrity.module.css';
import { OUTCOMES, VERDICTS } from './words.ts';

interface AttackDetailProps {
	readonly attack: AttackView;
	readonly outcome: AttackOutcome | null;
	readonly isBusy: boolean;
	readonly onRun: () => void;
}

export function AttackDetail({ attack, outcome, isBusy, onRun }: AttackDetailProps) {
	return (
		<>
			<Panel
				title={attack.title}
				actions={
					<Button variant="default" disabled={isBusy} onClick={onRun}>
						{outcome ? 'Run again' : 'Run'} <KeyHint keys="r" />
					</Button>
				}
			>
				<FactList
					facts={[
						{ label: 'What for', value: attack.motive },
						{ label: 'By what means', value: attack.means },
						{
							label: 'Expected to catch it',
							value:
								attack.expected.length + attack.tests.length === 0
									? 'nothing can'
									: [...attack.expected.map((id) => id.replaceAll('_', ' ')), ...attack.tests].join(' · '),
						},
						...(attack.holdsKey
							? [
									{
										label: 'Key',
										value: 'the copy is sealed with a key of the lab first, trusted on the copy only, which stands in for the log’s own',
									},
								]
							: []),
					]}
				/>
			</Panel>
			{outcome === null ? null : <Outcome outcome={outcome} />}
		</>
	);
}

function Outcome({ outcome }: { outcome: AttackOutcome }) {
	const { tone, word, glyph } = OUTCOMES[outcome.outcome];
	return (
		<>
			<Panel title="What came out">
				<p className={styles['sentence']}>
					<VerdictBadge tone={tone} glyph={glyph}>
						{word}
					</VerdictBadge>{' '}
					{outcome.sentence}
				</p>
				{outcome.note === null ? null : <p className={textStyles['muted']}>{outcome.note}</p>}
				{outcome.before && outcome.after ? (
					<p className={textStyles['muted']}>
						The sealed table’s verdict: {VERDICTS[outcome.before].word} → {VERDICTS[outcome.after].word}
					</p>
				) : null}
				{outcome.outcome !== 'not_run' && !outcome.asExpected ? (
					<p className={textStyles['warn']}>▲ Not as expected: a check that should have seen it did not.</p>
				) : null}
				{outcome.caughtBy.length === 0 ? null : (
					<ul className={styles['caught']}>
						{folded(outcome.caughtBy).map(({ by, test, title, sentence }) => (
							<li key={`${by}/${test}/${title}`}>
								<strong>{title}</strong> {test !== '' && by !== 'test' ? <span className={styles['test']}>{test}</span> : null}
								<div>{sentence}</div>
							</li>
						))}
					</ul>
				)}
			</Panel>
			<Panel title="Before and after">
				{outcome.changes.map((change) => (
					<Change key={`${change.path} ${change.where}`} change={change} />
				))}
			</Panel>
		</>
	);
}

/** An audit test that reports what a check beside it says is named there, and not told twice. */
const folded = (caughtBy: AttackOutcome['caughtBy']): AttackOutcome['caughtBy'] =>
	caughtBy.filter(({ by, test }) => by !== 'test' || !caughtBy.some((one) => one.by !== 'test' && one.test === test));

/** Where two texts begin and end to differ, so that the eye finds it in a long line. */
function partsOf(text: string, other: string): readonly [string, string, string] {
	let from = 0;
	while (from < text.length && from < other.length && text[from] === other[from]) from++;
	let end = 0;
	while (end < text.length - from && end < other.length - from && text[text.length - 1 - end] === other[other.length - 1 - end]) end++;
	return [text.slice(0, from), text.slice(from, text.length - end), text.slice(text.length - end)];
}

function Change({ change: { path, where, before, after } }: { change: AttackChange }) {
	const [was, is] = [partsOf(before, after), partsOf(after, before)];
	return (
		<figure className={styles['change']}>
			<figcaption>
				<code>{path}</code> · {where}
			</figcaption>
			<pre className={styles['bytes']}>
				<span className={styles['sign']}>− </span>
				{was[0]}
				<del>{was[1]}</del>
				{was[2]}
			</pre>
			<pre className={styles['bytes']}>
				<span className={styles['sign']}>+ </span>
				{is[0]}
				<ins>{is[1]}</ins>
				{is[2]}
			</pre>
		</figure>
	);
}
