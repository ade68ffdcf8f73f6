/** Judging all that match the conditions: what would happen first, then one act that one Ctrl+Z takes back. */
import { Autocomplete, Button, Checkbox, Modal, Select, Textarea } from '@mantine/core';
import { useState } from 'react';
import { needsNote, type TriageVerdict, VERDICT_WORDS } from '#findings';
import { formatCount, plural } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { useDraftText } from '../../app/useDraft.ts';
import { useQuery } from '../../app/useQuery.ts';
import { useVault } from '../../app/vault.ts';
import { Ask } from '../../components/Ask.tsx';
import { DraftNotice } from '../../components/DraftNotice.tsx';
import { Money } from '../../components/Values.tsx';
import styles from './Exceptions.module.css';
import { useTriage } from './state.ts';

/** A duplicate points to one exception, so it is judged one by one. */
const VERDICTS: readonly TriageVerdict[] = ['confirmed', 'explained', 'below_trivial', 'waiting', 'new'];

export function BulkDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
	return (
		<Modal
			lockScroll={false}
			closeButtonProps={{ 'aria-label': 'Close' }}
			opened={isOpen}
			onClose={onClose}
			title="Judge all that match"
			size="lg"
		>
			{isOpen ? <Bulk onClose={onClose} /> : null}
		</Modal>
	);
}

function Bulk({ onClose }: { onClose: () => void }) {
	const vault = useVault();
	const { filter, again } = useTriage();
	const [verdict, setVerdict] = useState<TriageVerdict>('explained');
	const [cause, setCause] = useState('');
	const { text: note, restoredAt, type, discard, settle } = useDraftText('exceptions:matching');
	const [overwrite, setOverwrite] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const [isBusy, setBusy] = useState(false);
	const isOverwriting = overwrite || verdict === 'new';
	const preview = useQuery(
		(one) => one.exceptions.previewMatching(filter, isOverwriting),
		[filter, isOverwriting],
		['workbook', 'results'],
	);
	const causes = useQuery((one) => one.exceptions.causes(), []);
	const changes = preview.state === 'ready' ? preview.data.changes : 0;
	const apply = async (): Promise<void> => {
		if (needsNote(verdict) && note.trim() === '') {
			setFault(`“${VERDICT_WORDS[verdict]}” needs a note that says why.`);
			return;
		}
		setBusy(true);
		const input = { verdict, cause: cause === '' ? null : cause, note, duplicateOf: null };
		const done = await vault.exceptions.judgeMatching(filter, isOverwriting, input, changes);
		setBusy(false);
		if (!done.ok) {
			setFault(done.error.message);
			return;
		}
		settle();
		notify({ tone: 'done', message: done.value.sentence, undo: 'exception.judged' });
		again();
		onClose();
	};
	return (
		<div className={styles['bulk']}>
			<Ask query={preview} lines={3}>
				{({ words, matching, changes: changing, alike, overwrites, kept, tied, sums }) => (
					<>
						<p>
							All with <strong>{words}</strong>
						</p>
						<dl className={styles['effect']}>
							<Effect label="match" value={matching} />
							<Effect label={`become ${VERDICT_WORDS[verdict]}`} value={changing} />
							{alike > 0 ? <Effect label="more are about the same subjects, and follow" value={alike} /> : null}
							<Effect label="of these are judged, and get another verdict" value={overwrites} isWarning={overwrites > 0} />
							<Effect label="are judged, and stay as they are" value={kept} />
							<Effect label="are evidence of a signed finding, and are not touched" value={tied} />
						</dl>
						{sums.length > 0 ? (
							<p className={styles['sums']}>
								{sums.map(({ currency, minor }) => (
									<span key={currency}>
										Σ <Money minor={minor} currency={currency} />
									</span>
								))}
							</p>
						) : null}
					</>
				)}
			</Ask>
			<Select
				label="Verdict"
				data={VERDICTS.map((one) => ({ value: one, label: one === 'new' ? 'New again (takes the verdict off)' : VERDICT_WORDS[one] }))}
				value={verdict}
				allowDeselect={false}
				onChange={(value) => setVerdict((value as TriageVerdict | null) ?? 'explained')}
				data-autofocus
			/>
			<Autocomplete
				label="Cause"
				data={causes.state === 'ready' ? [...causes.data] : []}
				value={cause}
				maxLength={300}
				onChange={setCause}
			/>
			<Textarea
				label={needsNote(verdict) ? 'Note (needed)' : 'Note'}
				value={note}
				autosize
				minRows={2}
				maxRows={6}
				maxLength={4000}
				error={fault}
				onChange={({ currentTarget }) => {
					type(currentTarget.value);
					setFault(null);
				}}
			/>
			<DraftNotice at={restoredAt} onDiscard={discard} />
			<Checkbox
				label="Also those that are judged already"
				checked={isOverwriting}
				disabled={verdict === 'new'}
				onChange={({ currentTarget }) => setOverwrite(currentTarget.checked)}
			/>
			<div className={styles['buttons']}>
				<Button loading={isBusy} disabled={changes === 0} onClick={() => void apply()}>
					Judge {plural(changes, 'exception')}
				</Button>
				<Button variant="default" onClick={onClose}>
					Cancel
				</Button>
			</div>
			<p className={styles['muted']}>It is one act in the log, with its condition, and one Ctrl+Z takes it back.</p>
		</div>
	);
}

function Effect({ label, value, isWarning = false }: { label: string; value: number; isWarning?: boolean }) {
	return (
		<div data-warning={isWarning || undefined}>
			<dt>{label}</dt>
			<dd>
				{isWarning ? '▲ ' : ''}
				{formatCount(value)}
			</dd>
		</div>
	);
}
