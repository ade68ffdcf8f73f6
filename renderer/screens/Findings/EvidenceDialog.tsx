/** Adds evidence: search in one kind, tick what is wanted, add all at once. */
import { Button, Checkbox, Modal, SegmentedControl, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { EvidenceLink } from '#findings';
import { plural } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { useQuery } from '../../app/useQuery.ts';
import { useVault } from '../../app/vault.ts';
import { Ask } from '../../components/Ask.tsx';
import type { EvidenceCandidate, FindingView } from '../../vault/findingsApi.ts';
import styles from './Findings.module.css';

type Kind = EvidenceLink['kind'];

const KINDS: readonly { readonly value: Kind; readonly label: string; readonly search: string }[] = [
	{ value: 'exception', label: 'Exceptions', search: 'Test, order or words' },
	{ value: 'row', label: 'Lines of an order', search: 'Number of the order, exactly' },
	{ value: 'document', label: 'Documents', search: 'File name, document or order' },
	{ value: 'result', label: 'Results of tests', search: 'Test or title' },
];

const PATIENCE_MS = 200;

const identity = (link: EvidenceLink): string =>
	link.kind === 'exception' ? link.exceptionKey : link.kind === 'result' ? `result ${link.test}` : `${link.kind} ${link.sha256}`;

export function EvidenceDialog({ finding, onClose }: { finding: FindingView; onClose: () => void }) {
	const vault = useVault();
	const [kind, setKind] = useState<Kind>('exception');
	const [typed, setTyped] = useState('');
	const [text, setText] = useState('');
	const [chosen, setChosen] = useState<ReadonlyMap<string, EvidenceLink>>(new Map());
	const [fault, setFault] = useState<string | null>(null);
	useEffect(() => {
		const timer = setTimeout(() => setText(typed), PATIENCE_MS);
		return () => clearTimeout(timer);
	}, [typed]);
	const found = useQuery((one) => one.findings.candidates(kind, text), [kind, text], ['results', 'evidence']);
	const linked = new Set(finding.evidence.map(({ link }) => identity(link)));
	const toggle = (link: EvidenceLink): void => {
		const next = new Map(chosen);
		if (!next.delete(identity(link))) next.set(identity(link), link);
		setChosen(next);
	};
	const add = async (): Promise<void> => {
		const done = await vault.findings.link(finding.findingId, [...chosen.values()]);
		if (!done.ok) {
			setFault(done.error.message);
			return;
		}
		notify({ tone: 'done', message: `${plural(chosen.size, 'piece')} of evidence added to ${finding.label}`, undo: 'evidence.linked' });
		onClose();
	};
	return (
		<Modal
			lockScroll={false}
			closeButtonProps={{ 'aria-label': 'Close' }}
			opened
			onClose={onClose}
			title={`Add evidence to ${finding.label}`}
			size="xl"
		>
			<form
				className={styles['dialog']}
				onSubmit={(event) => {
					event.preventDefault();
					if (chosen.size > 0) void add();
				}}
			>
				<SegmentedControl
					aria-label="Kind of evidence"
					data={KINDS.map(({ value, label }) => ({ value, label }))}
					value={kind}
					onChange={(value) => {
						setKind(KINDS.find((one) => one.value === value)?.value ?? 'exception');
						setTyped('');
						setText('');
					}}
				/>
				<TextInput
					label="Search"
					placeholder={KINDS.find(({ value }) => value === kind)?.search ?? ''}
					value={typed}
					data-autofocus
					error={fault}
					onChange={({ currentTarget }) => setTyped(currentTarget.value)}
				/>
				<div className={styles['candidates']}>
					<Ask query={found} lines={4}>
						{(candidates) => <Candidates candidates={candidates} kind={kind} chosen={chosen} linked={linked} onToggle={toggle} />}
					</Ask>
				</div>
				<div className={styles['buttons']}>
					<Button type="submit" disabled={chosen.size === 0}>
						Add {chosen.size > 0 ? plural(chosen.size, 'piece') : ''}
					</Button>
					<Button variant="default" onClick={onClose}>
						Cancel
					</Button>
				</div>
			</form>
		</Modal>
	);
}

interface CandidatesProps {
	readonly candidates: readonly EvidenceCandidate[];
	readonly kind: Kind;
	readonly chosen: ReadonlyMap<string, EvidenceLink>;
	readonly linked: ReadonlySet<string>;
	readonly onToggle: (link: EvidenceLink) => void;
}

function Candidates({ candidates, kind, chosen, linked, onToggle }: CandidatesProps) {
	if (candidates.length === 0)
		return (
			<p className={styles['muted']}>
				{kind === 'row' ? 'Type the number of an order: its lines are listed with their hashes.' : 'Nothing of this kind is found.'}
			</p>
		);
	return (
		<ul>
			{candidates.map(({ link, words }) => {
				const key = identity(link);
				const isLinked = linked.has(key);
				return (
					<li key={key}>
						<Checkbox
							checked={isLinked || chosen.has(key)}
							disabled={isLinked}
							label={link.label}
							description={isLinked ? 'linked already' : words}
							onChange={() => onToggle(link)}
						/>
					</li>
				);
			})}
			{candidates.length === 100 ? <li className={styles['muted']}>The first hundred; narrow the search for others.</li> : null}
		</ul>
	);
}
