/** The engagements of this machine by the label their owner chose, each opened in its place; and those that should be here and are not. */
import { formatBytes } from '../../app/format.ts';
import { Instant } from '../../components/Values.tsx';
import type { EngagementListing } from '../../vault/sessionApi.ts';
import { MissingEngagements } from './MissingEngagements.tsx';
import { RecoverEngagement } from './RecoverEngagement.tsx';
import styles from './Unlock.module.css';
import { UnlockForm } from './UnlockForm.tsx';
import { useMissing } from './useMissing.ts';

interface EngagementListProps {
	/** Without the sample. */
	readonly engagements: readonly EngagementListing[];
	readonly chosen: string | null;
	/** The chosen one is opened by its recovery key. */
	readonly isRecovering: boolean;
	/** Why none can be opened here; null where they can. */
	readonly isRefused: string | null;
	readonly onChoose: (engagementId: string) => void;
	readonly onRecover: (isRecovering: boolean) => void;
}

export function EngagementList({ engagements, chosen, isRecovering, isRefused, onChoose, onRecover }: EngagementListProps) {
	const { missing, forget } = useMissing(engagements.map(({ engagementId }) => engagementId));
	return (
		<>
			{missing.length === 0 ? null : <MissingEngagements count={missing.length} onForget={forget} />}
			{engagements.length === 0 ? <Nothing isMissing={missing.length > 0} /> : null}
			<ul className={styles['list']} aria-label="Engagements">
				{engagements.map(({ engagementId, label, createdAt, fingerprint, bytes }) => (
					<li key={engagementId}>
						<button
							type="button"
							className={styles['engagement']}
							aria-expanded={chosen === engagementId}
							disabled={isRefused !== null}
							title={isRefused ?? undefined}
							onClick={() => onChoose(engagementId)}
						>
							<strong>{label}</strong>
							<span className={styles['muted']}>
								created <Instant at={createdAt} /> · key {fingerprint}
								{bytes === null ? '' : ` · ${formatBytes(bytes)}`}
							</span>
						</button>
						{chosen !== engagementId ? null : isRecovering ? (
							<RecoverEngagement engagementId={engagementId} onDone={() => onRecover(false)} />
						) : (
							<UnlockForm engagementId={engagementId} onRecover={() => onRecover(true)} />
						)}
					</li>
				))}
			</ul>
		</>
	);
}

/** An empty store is a beginning, or a loss: never the one in the words of the other. */
function Nothing({ isMissing }: { isMissing: boolean }) {
	return (
		<div className={styles['none']}>
			<h2>{isMissing ? 'No engagement is left in the store' : 'No engagement on this machine yet'}</h2>
			<p className={styles['muted']}>
				{isMissing
					? 'Restore one from a backup, create one, or look around in the sample.'
					: 'Create one, restore one from a backup, or look around in the sample.'}
			</p>
		</div>
	);
}
