/** The last two runs of a test against each other: the same hash, or which exceptions came and went. */
import { formatCount, plural } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { Panel } from '../../components/Frame.tsx';
import { Hash } from '../../components/Values.tsx';
import { TestVerdict } from '../../components/VerdictBadge.tsx';
import type { ExceptionDifference } from '../../vault/proceduresApi.ts';
import styles from './Procedures.module.css';

const SHOWN = 50;

export function Comparison({ id, version }: { id: string; version: string }) {
	const query = useQuery((vault) => vault.procedures.compareWithLastRun(id), [id, version], ['workbook']);
	return (
		<Panel title="Against the run before">
			<Ask query={query} lines={3}>
				{(comparison) => {
					if (!comparison?.before) return <p className={styles['muted']}>There is no run before it.</p>;
					const { before, now, sameResult, exceptions } = comparison;
					return (
						<>
							<p>{sameResult ? 'The same result, byte for byte.' : 'Another result than before.'}</p>
							<table className={styles['table']}>
								<thead>
									<tr>
										<th scope="col">Run</th>
										<th scope="col">Verdict</th>
										<th scope="col" className={styles['num']}>
											Exceptions
										</th>
										<th scope="col" className={styles['num']}>
											Tested
										</th>
										<th scope="col">Result</th>
									</tr>
								</thead>
								<tbody>
									{[
										{ name: 'before', digest: before },
										{ name: 'last', digest: now },
									].map(({ name, digest }) => (
										<tr key={name}>
											<th scope="row">{name}</th>
											<td>
												<TestVerdict verdict={digest.verdict} />
											</td>
											<td className={styles['num']}>{formatCount(digest.exceptions)}</td>
											<td className={styles['num']}>{formatCount(digest.rows)}</td>
											<td>
												<Hash value={digest.resultSha256} />
											</td>
										</tr>
									))}
								</tbody>
							</table>
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
			<p className={styles['muted']}>The exceptions of the run before are not kept over a lock; their count and hash are on record.</p>
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
						<ul className={styles['list']}>
							{list.slice(0, SHOWN).map(({ key, exception }) => (
								<li key={key}>
									{exception.order_id ? `${exception.order_id}: ` : ''}
									{exception.reason}
								</li>
							))}
						</ul>
						{list.length > SHOWN ? <p className={styles['muted']}>and {plural(list.length - SHOWN, 'more', 'more')}</p> : null}
					</div>
				),
			)}
		</>
	);
}
