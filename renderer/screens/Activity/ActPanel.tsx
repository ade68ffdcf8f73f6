/** One act as it is hashed: what it links to, its hash, its signature. */
import { formatInstantExact } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { FactList, Panel } from '../../components/Frame.tsx';
import { Hash } from '../../components/Values.tsx';
import styles from './Activity.module.css';
import { TYPE_WORDS } from './types.ts';

export function ActPanel({ seq, checks }: { seq: number; checks: number }) {
	const detail = useQuery((vault) => vault.activity.get(seq), [seq, checks], ['workbook']);
	return (
		<Ask query={detail} lines={5}>
			{({ row, json, signature }) => (
				<>
					<Panel title={`Act ${row.seq}: ${TYPE_WORDS[row.type]}`}>
						<p className={styles['sentence']}>{row.sentence}</p>
						<FactList
							facts={[
								{ label: 'By', value: row.member },
								{ label: 'At', value: `${formatInstantExact(row.at)} (${row.at})` },
								{ label: 'Copy', value: <Hash value={row.replica} /> },
								{ label: 'Number there', value: String(row.number) },
								{ label: 'Hash', value: <Hash value={row.hash} /> },
								{ label: 'Links to', value: <Hash value={row.prev} /> },
							]}
						/>
					</Panel>
					<Panel title="As it is hashed">
						{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
						<pre className={styles['json']} tabIndex={0}>
							{json}
						</pre>
						<p className={styles['muted']}>
							The hash is SHA-256 over the canonical JSON of act, instant, member, copy, number there, link, and what was seen of other
							copies. The signature is Ed25519 by the member’s key:
						</p>
						<p className={styles['signature']}>{signature}</p>
					</Panel>
				</>
			)}
		</Ask>
	);
}
