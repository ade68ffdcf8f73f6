/** The register of packs made in this engagement: from the signed log of acts, so that a file can be held against its hash. */
import { Button } from '@mantine/core';
import { formatCount } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { Callout } from '../../components/Callout.tsx';
import { type RowColumn, RowTable } from '../../components/RowTable.tsx';
import { EmptyState } from '../../components/States.tsx';
import { Hash, Instant } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import { useNav } from '../../state/nav.ts';
import type { PackRow } from '../../vault/packsApi.ts';
import { PACK_VERDICTS } from './packs.ts';

const toneOf = (verdict: string) => (verdict in PACK_VERDICTS ? PACK_VERDICTS[verdict as keyof typeof PACK_VERDICTS].tone : 'neutral');

function VerdictThen({ verdict }: Pick<PackRow, 'verdict'>) {
	return verdict === null ? (
		<VerdictBadge tone="warn">Not completed</VerdictBadge>
	) : (
		<VerdictBadge tone={toneOf(verdict)}>{verdict}</VerdictBadge>
	);
}

export function MadePacks() {
	const { set } = useNav();
	const packs = useQuery((vault) => vault.packs.list(), [], ['workbook']);
	const columns: readonly RowColumn<PackRow>[] = [
		{ id: 'pack', title: 'Pack', cell: ({ packId }) => packId },
		{ id: 'at', title: 'Made', cell: ({ at }) => <Instant at={at} />, text: ({ at }) => at },
		{ id: 'file', title: 'File', cell: ({ fileName }) => fileName },
		{ id: 'pages', title: 'Pages', align: 'right', cell: ({ pages }) => formatCount(pages) },
		{ id: 'findings', title: 'Findings', align: 'right', cell: ({ findingIds }) => formatCount(findingIds.length) },
		{ id: 'signer', title: 'Signer', cell: ({ signer, signerIsSelfMade }) => `${signer}${signerIsSelfMade ? ' (self-made key)' : ''}` },
		{
			id: 'verdict',
			title: 'Verdict then',
			cell: ({ verdict }) => <VerdictThen verdict={verdict} />,
			text: ({ verdict }) => verdict ?? 'Not completed',
		},
		{ id: 'sha256', title: 'SHA-256', cell: ({ sha256 }) => <Hash value={sha256} />, text: ({ sha256 }) => sha256 },
		{
			id: 'check',
			title: 'File',
			cell: ({ verdict }) => (
				<Button variant="subtle" size="compact-xs" onClick={() => set({ tab: 'check' })}>
					{verdict === null ? 'Check the file' : 'Check again'}
				</Button>
			),
		},
	];
	return (
		<Ask query={packs}>
			{(list) =>
				list.length === 0 ? (
					<EmptyState title="No pack yet" action={<Button onClick={() => set({ tab: 'make' })}>New pack</Button>}>
						Packs that are signed, written and checked here stand in this list with their hash.
					</EmptyState>
				) : (
					<>
						{list.some(({ verdict }) => verdict === null) ? (
							<Callout>
								A pack was signed here and never completed: its signed file may exist, unchecked. Find the file and check it; where its
								SHA-256 is the one below, its verdict can then be put on record.
							</Callout>
						) : null}
						<RowTable
							label="Packs made in this engagement"
							columns={columns}
							rows={list}
							rowKey={({ packId, sha256 }) => `${packId} ${sha256}`}
						/>
					</>
				)
			}
		</Ask>
	);
}
