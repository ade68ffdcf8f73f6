/** The way of a line to the root, step by step. */
import type { EventProof } from '#explore';
import { formatCount } from '../../app/format.ts';
import { FactList, Panel } from '../../components/Frame.tsx';
import { PlainTable } from '../../components/PlainTable.tsx';
import textStyles from '../../components/Text.module.css';
import { Hash } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import { SIGNATURES } from './words.ts';

export function Path({ proof }: { proof: EventProof }) {
	const { head } = proof;
	if (head === null)
		return (
			<Panel title="Path to a signed head">
				<p>{proof.sentence} It may come with the next checkpoint.</p>
			</Panel>
		);
	return (
		<Panel title={`Path to the checkpoint of ${formatCount(head.size)} lines`}>
			<FactList
				facts={[
					{ label: 'Checkpoint', value: <code>{head.path}</code> },
					{ label: 'Signed by', value: <code>{head.key ?? 'an unknown key'}</code> },
					{
						label: 'Signature',
						value: <VerdictBadge tone={SIGNATURES[head.signature].tone}>{SIGNATURES[head.signature].word}</VerdictBadge>,
					},
					{ label: 'Root signed', value: <Hash value={head.root} /> },
					{
						label: 'Root reached',
						value: (
							<>
								<Hash value={proof.reached} />
								{proof.reached === head.root ? ' = the signed one' : ' ≠ the signed one'}
							</>
						),
					},
				]}
			/>
			<PlainTable
				caption={
					<span className={textStyles['muted']}>Each step hashes what was reached with its sibling: SHA-256(0x01 ‖ left ‖ right).</span>
				}
				head={['Step', 'Sibling', 'Stands', 'Gives']}
			>
				{proof.steps.map(({ side, sibling, reached }, at) => (
					<tr key={reached}>
						<td>{at + 1}</td>
						<td>
							<Hash value={sibling} />
						</td>
						<td>{side}</td>
						<td>
							<Hash value={reached} />
						</td>
					</tr>
				))}
			</PlainTable>
		</Panel>
	);
}
