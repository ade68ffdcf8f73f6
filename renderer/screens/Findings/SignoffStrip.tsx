/** The strip on which something is signed: who prepared and reviewed it, what has changed since, and what blocks the next signature. */
import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { notify } from '../../app/notify.ts';
import { useVault } from '../../app/vault.ts';
import { KeyHint } from '../../components/Frame.tsx';
import { Hash, Instant } from '../../components/Values.tsx';
import type { SignoffSlot, SignoffView } from '../../vault/findingsApi.ts';
import { DiffView } from './DiffView.tsx';
import styles from './Findings.module.css';
import { ReasonDialog } from './ReasonDialog.tsx';
import { SignoffBadge } from './words.tsx';

interface SignoffStripProps {
	readonly view: SignoffView;
	/** "F-014", "T05". */
	readonly subject: string;
	readonly onSign: () => void;
}

/** Which signature comes next for whoever looks at it. */
export const nextRole = (view: SignoffView): 'prepared' | 'reviewed' =>
	view.reviewed.blockers.length === 0 || (view.prepared.blockers.length > 0 && view.prepared.status === 'current')
		? 'reviewed'
		: 'prepared';

export function SignoffStrip({ view, subject, onSign }: SignoffStripProps) {
	const [diff, setDiff] = useState<SignoffSlot | null>(null);
	const [withdrawn, setWithdrawn] = useState<SignoffSlot | null>(null);
	const vault = useVault();
	const role = nextRole(view);
	const blockers = view[role].blockers;
	return (
		<section className={styles['strip']} aria-label="Sign-off" data-region>
			<h2>Sign-off</h2>
			<Slot title="Prepared" slot={view.prepared} onDiff={setDiff} onWithdraw={setWithdrawn} />
			<Slot title="Reviewed" slot={view.reviewed} onDiff={setDiff} onWithdraw={setWithdrawn} />
			<Button disabled={blockers.length > 0} onClick={onSign} rightSection={<KeyHint keys="$mod+Shift+s" />}>
				Sign as {role}
			</Button>
			{blockers.length > 0 ? (
				<p className={styles['blockers']}>
					<strong>{role === 'prepared' ? 'Prepared' : 'Reviewed'} is blocked:</strong> {blockers.join(' · ')}
				</p>
			) : null}
			{diff ? (
				<Modal
					lockScroll={false}
					closeButtonProps={{ 'aria-label': 'Close' }}
					opened
					onClose={() => setDiff(null)}
					title={`${subject}: changed since it was signed by ${diff.by}`}
					size="xl"
				>
					<DiffView changes={diff.changes} />
				</Modal>
			) : null}
			{withdrawn ? (
				<ReasonDialog
					place={`withdraw:${withdrawn.signoffId ?? subject}`}
					title={`Withdraw the sign-off of ${subject}`}
					words="The sign-off stays in the log, with the reason why it no longer counts."
					label="Reason"
					isNeeded
					action="Withdraw sign-off"
					onDone={async (reason) => {
						const done = await vault.findings.withdraw(withdrawn.signoffId ?? '', reason);
						if (!done.ok) return done.error.message;
						notify({ tone: 'done', message: done.value });
						return null;
					}}
					onClose={() => setWithdrawn(null)}
				/>
			) : null}
		</section>
	);
}

interface SlotProps {
	readonly title: string;
	readonly slot: SignoffSlot;
	readonly onDiff: (slot: SignoffSlot) => void;
	readonly onWithdraw: (slot: SignoffSlot) => void;
}

function Slot({ title, slot, onDiff, onWithdraw }: SlotProps) {
	const { status, by, at, contentSha256, changes, withdrawnReason } = slot;
	const stands = status === 'current' || status === 'changed_since';
	return (
		<div className={styles['slot']}>
			<strong>{title}</strong>
			<SignoffBadge status={status} />
			{stands && at !== null ? (
				<span>
					{by}, <Instant at={at} /> {contentSha256 === null ? null : <Hash value={contentSha256} />}
				</span>
			) : null}
			{status === 'withdrawn' ? <span className={styles['muted']}>“{withdrawnReason}”</span> : null}
			{changes.length > 0 ? (
				<Button variant="subtle" size="compact-sm" onClick={() => onDiff(slot)}>
					Δ {changes.length}: {changes.map(({ field }) => field).join(', ')}
				</Button>
			) : null}
			{stands && slot.withdrawBlocked === null ? (
				<Button variant="subtle" size="compact-sm" onClick={() => onWithdraw(slot)}>
					Withdraw …
				</Button>
			) : null}
		</div>
	);
}
