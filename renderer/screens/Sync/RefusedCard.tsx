/** An act that the rules refused at its place in the order: it changed nothing. It is done again, or dismissed with a reason. */
import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import { undoableType } from '#findings';
import { notify } from '../../app/notify.ts';
import { useVault } from '../../app/vault.ts';
import layoutStyles from '../../components/Layout.module.css';
import { ReasonModal } from '../../components/ReasonModal.tsx';
import textStyles from '../../components/Text.module.css';
import { Instant } from '../../components/Values.tsx';
import { useNav } from '../../state/nav.ts';
import type { RefusedRow } from '../../vault/syncApi.ts';
import { CardHead } from './CardHead.tsx';
import { focusAfter } from './focusNext.ts';
import { placeOfAct } from './places.ts';
import styles from './Sync.module.css';

export function RefusedCard({ refused: { ref, act, sentence, message, code, member, at } }: { refused: RefusedRow }) {
	const vault = useVault();
	const go = useNav((nav) => nav.go);
	const place = placeOfAct(act);
	const [isDismissing, setDismissing] = useState(false);
	const card = useRef<HTMLElement>(null);
	const retry = async (): Promise<void> => {
		const goOn = focusAfter(card.current);
		const answer = await vault.sync.retry(ref);
		if (!answer.ok) return notify({ tone: 'failed', message: `It is refused still: ${answer.error.message}` });
		goOn();
		notify({ tone: 'done', message: `Done again: ${sentence}`, undo: undoableType(act) });
	};
	const dismiss = async (reason: string): Promise<void> => {
		const goOn = focusAfter(card.current);
		const answer = await vault.sync.dismiss(ref, reason);
		if (!answer.ok) return notify({ tone: 'failed', message: answer.error.message });
		setDismissing(false);
		goOn();
		notify({ tone: 'done', message: 'Refused act dismissed; it stays in the log.' });
	};
	return (
		<article ref={card} className={styles['card']} data-tone="warn" aria-label={`Refused: ${sentence}`}>
			<CardHead tone="warn" word="Refused" title={sentence} />
			<p>{message}</p>
			<p className={textStyles['muted']}>
				{member} · <Instant at={at} /> · {code.replaceAll('_', ' ')}
			</p>
			<div className={layoutStyles['row']}>
				<Button variant="default" onClick={() => void retry()}>
					Do it again
				</Button>
				{place ? (
					<Button variant="default" onClick={() => go(place.screen, place.params)}>
						Open where it belongs
					</Button>
				) : null}
				<Button variant="default" onClick={() => setDismissing(true)}>
					Dismiss…
				</Button>
			</div>
			{isDismissing ? (
				<ReasonModal title="Dismiss a refused act" action="Dismiss" onClose={() => setDismissing(false)} onReason={dismiss}>
					<span>{sentence}</span>
				</ReasonModal>
			) : null}
		</article>
	);
}
