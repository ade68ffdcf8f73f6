/** What the finding rests on, each piece with its hash and how it stands now. */
import { ActionIcon, Button } from '@mantine/core';
import { Unlink } from 'lucide-react';
import { formatCount } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { useVault } from '../../app/vault.ts';
import { KeyHint, Panel } from '../../components/Frame.tsx';
import { Hash, Instant } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import { useNav } from '../../state/nav.ts';
import type { EvidenceView, FindingView } from '../../vault/findingsApi.ts';
import { TriageBadge } from '../Exceptions/words.tsx';
import styles from './Findings.module.css';

const GLYPHS = { row: '◆', exception: '⚑', document: '▤', result: '▦' } as const;

const STANDINGS = {
	as_linked: { tone: 'neutral', glyph: '=', words: 'as linked' },
	changed: { tone: 'warn', glyph: 'Δ', words: 'another result now' },
	gone: { tone: 'warn', glyph: '▲', words: 'not found any more' },
	not_checked: { tone: 'neutral', glyph: '–', words: 'not compared' },
} as const;

export function EvidencePanel({ finding, onAdd }: { finding: FindingView; onAdd: () => void }) {
	const { evidence, editBlocked, packs } = finding;
	return (
		<Panel
			title={`Evidence ${formatCount(evidence.length)}`}
			actions={
				<Button variant="default" size="compact-sm" disabled={editBlocked !== null} onClick={onAdd} rightSection={<KeyHint keys="a" />}>
					Add
				</Button>
			}
		>
			{evidence.length === 0 ? (
				<p className={styles['muted']}>None yet. A finding needs at least one piece of evidence before it can be signed.</p>
			) : null}
			<ul className={styles['evidence']}>
				{evidence.map((one) => (
					<Piece key={one.linkId} piece={one} finding={finding} />
				))}
			</ul>
			{packs.length > 0 ? (
				<p className={styles['muted']}>
					In {packs.length === 1 ? 'the pack' : 'the packs'} {packs.map(({ fileName }) => fileName).join(', ')}
				</p>
			) : null}
		</Panel>
	);
}

function Piece({ piece, finding }: { piece: EvidenceView; finding: FindingView }) {
	const vault = useVault();
	const go = useNav((nav) => nav.go);
	const { link, tag, standing, words, verdict, orderId, alsoIn } = piece;
	const { tone, glyph, words: standingWords } = STANDINGS[standing];
	const unlink = async (): Promise<void> => {
		const done = await vault.findings.unlink(finding.findingId, piece.linkId);
		notify(
			done.ok
				? { tone: 'done', message: `${tag} taken off ${finding.label}`, undo: 'evidence.unlinked' }
				: { tone: 'failed', message: done.error.message },
		);
	};
	return (
		<li>
			<div className={styles['pieceHead']}>
				<strong>{tag}</strong>
				<span aria-hidden="true">{GLYPHS[link.kind]}</span>
				<span className={styles['pieceLabel']}>{link.label}</span>
				<ActionIcon
					aria-label={`Take ${tag} off`}
					title={finding.editBlocked ?? 'Take off (Ctrl+Z brings it back)'}
					disabled={finding.editBlocked !== null}
					onClick={() => void unlink()}
				>
					<Unlink size={14} aria-hidden="true" />
				</ActionIcon>
			</div>
			<p>{words}</p>
			<div className={styles['pieceFacts']}>
				<VerdictBadge tone={tone} glyph={glyph}>
					{standingWords}
				</VerdictBadge>
				{verdict === null ? null : <TriageBadge verdict={verdict} />}
				{link.kind === 'exception' ? (
					<Button variant="subtle" size="compact-xs" onClick={() => go('exceptions', { exception: link.exceptionKey })}>
						Open the exception
					</Button>
				) : (
					<Hash value={link.kind === 'result' ? link.resultSha256 : link.sha256} />
				)}
				{orderId === null ? null : (
					<Button variant="subtle" size="compact-xs" onClick={() => go('orders', { order: orderId })}>
						order {orderId}
					</Button>
				)}
				{alsoIn.length > 0 ? <span>also in {alsoIn.join(', ')}</span> : null}
				<span>
					{piece.addedBy}, <Instant at={piece.addedAt} />
				</span>
			</div>
		</li>
	);
}
