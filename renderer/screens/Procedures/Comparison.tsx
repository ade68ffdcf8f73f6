/** The last two runs of a test against each other: the same hash, or which exceptions came and went. */

import { formatCount, plural } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { Panel } from '../../components/Frame.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { NumberCell, numberHead, PlainTable } from '../../components/PlainTable.tsx';
import textStyles from '../../components/Text.module.css';
import { Hash } from '../../components/Values.tsx';
import { TestVerdict } from '../../components/VerdictBadge.tsx';
import type { ExceptionDifference } from '../../vault/proceduresApi.ts';

const SHOWN = 50;

export function Comparison({ id, version }: { id: string; version: string }) {
	const query = useQuery((vault) => vault.procedures.compareWithLastRun(id), [id, version], ['workbook']);
	return (
		<Panel title="Against the run before">
			<Ask query={query} lines={3}>
				{(comparison) => {
					if (!comparison?.before) return <p className={textStyles['note']}>There is no run before it.</p>;
					const { before, now, sameResult, exceptions } = comparison;
					return (
						<>
							<p>{sameResult ? 'The same result, byte for byte.' : 'Another result than before.'}</p>
							<PlainTable head={['Run', 'Verdict', numberHead('Exceptions'), numberHead('Tested'), 'Result']}>
								{[
									{ name: 'before', digest: before },
									{ name: 'last', digest: now },
								].map(({ name, digest }) => (
									<tr key={name}>
										<th scope="row">{name}</th>
										<td>
											<TestVerdict verdict={digest.verdict} />
										</td>
										<NumberCell>{formatCount(digest.exceptions)}</NumberCell>
										<NumberCell>{formatCount(digest.rows)}</NumberCell>
										<td>
											<Hash value={digest.resultSha256} />
										</td>
									</tr>
								))}
							</PlainTable>
							{sameResult ? null : <Difference exceptions={exceptions} />}
						</>
					);
				}}
			</Ask>
		</Panel>
	);
}

function Difference({ exceptions }: { exceptions: ExceptionDifference | null }) {
	if (!exceptions)
		return (
			<p className={textStyles['note']}>
				The exceptions of the run before are not stored here any more; their count and hash are on record.
			</p>
		);
	const { added, gone, same } = exceptions;
	return (
		<>
			<p>
				{formatCount(added.length)} added · {formatCount(gone.length)} gone · {formatCount(same)} the same
			</p>
			{[
				{ title: 'Added', list: added },
				{ title: 'Gone', list: gone },
			].map(({ title, list }) =>
				list.length === 0 ? null : (
					<div key={title}>
						<h3>{title}</h3>
						<ul className={layoutStyles['bulleted']}>
							{list.slice(0, SHOWN).map(({ key, exception }) => (
								<li key={key}>
									{exception.order_id ? `${exception.order_id}: ` : ''}
									{exception.reason}
								</li>
							))}
						</ul>
						{list.length > SHOWN ? <p className={textStyles['note']}>and {plural(list.length - SHOWN, 'more', 'more')}</p> : null}
					</div>
				),
			)}
		</>
	);
}
