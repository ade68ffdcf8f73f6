/** Documents of an order: what the drop names, whether its bytes are there and unaltered, and the page itself. */

import { lazy, Suspense, useState } from 'react';
import { formatBytes } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { Loading } from '../../components/States.tsx';
import textStyles from '../../components/Text.module.css';
import { Hash, Instant } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import type { OrderFile } from '../../vault/ordersApi.ts';
import orderStyles from './Order.module.css';

const PdfView = lazy(async () => ({ default: (await import('../../components/PdfView.tsx')).PdfView }));

export function Documents({ file: { dossier, timeline } }: { file: OrderFile }) {
	const all = dossier.documents;
	const [sha256, setSha256] = useState<string | null>(all[0]?.cells['sha256'] ?? null);
	const statusOf = new Map(
		[...timeline.documents, ...timeline.events.flatMap(({ documents }) => documents)].map((one) => [one.sha256, one.status]),
	);
	if (all.length === 0)
		return (
			<p className={textStyles['muted']}>
				{dossier.notSupplied.includes('document')
					? 'The table document was not supplied, so it is not known which documents name this order.'
					: dossier.setAside.some(({ table }) => table === 'document')
						? 'No document that could be read names this order; lines of the table document were set aside.'
						: 'No document names this order.'}
			</p>
		);
	return (
		<div className={orderStyles['documents']}>
			<ul>
				{all.map(({ key, cells }) => {
					const hash = cells['sha256'] ?? '';
					const status = statusOf.get(hash) ?? 'present';
					return (
						<li key={key} data-kept={hash === sha256}>
							<button type="button" className={orderStyles['document']} aria-pressed={hash === sha256} onClick={() => setSha256(hash)}>
								<strong>{cells['file_name'] ?? key}</strong>
								<span className={textStyles['muted']}>
									{cells['kind']} · {formatBytes(Number(cells['bytes'] ?? 0))}
									{cells['dated_at'] ? (
										<>
											{' · dated '}
											<Instant at={cells['dated_at']} />
										</>
									) : null}
								</span>
							</button>
							<Hash value={hash} />
							{status === 'present' ? (
								<VerdictBadge tone="neutral" glyph="▤">
									present
								</VerdictBadge>
							) : (
								<VerdictBadge tone="fail">{status}</VerdictBadge>
							)}
						</li>
					);
				})}
			</ul>
			{sha256 === null ? null : <Preview key={sha256} sha256={sha256} />}
		</div>
	);
}

function Preview({ sha256 }: { sha256: string }) {
	const query = useQuery((vault) => vault.orders.document(sha256), [sha256]);
	return (
		<div className={orderStyles['preview']}>
			<Ask query={query}>
				{({ bytes, fileName, mediaType, isUnaltered }) => (
					<>
						{isUnaltered ? null : (
							<p className={textStyles['adverse']} role="alert">
								✕ These bytes do not have the hash that the drop names: they were altered, or another file lies in their place.
							</p>
						)}
						{isPdf(bytes) ? (
							<Suspense fallback={<Loading />}>
								<PdfView bytes={bytes} label={fileName} />
							</Suspense>
						) : isText(mediaType, bytes) ? (
							<pre className={orderStyles['raw']}>{new TextDecoder().decode(bytes.subarray(0, TEXT_SHOWN))}</pre>
						) : (
							<p className={textStyles['muted']}>
								{fileName} ({mediaType}) can't be shown here; {formatBytes(bytes.length)} are in the drop under its hash.
							</p>
						)}
					</>
				)}
			</Ask>
		</div>
	);
}

const TEXT_SHOWN = 100_000;

/** By its first bytes: a name or a stated type is only a claim. */
const isPdf = (bytes: Uint8Array): boolean => bytes[0] === 0x25 && bytes[1] === 0x50 && bytes[2] === 0x44 && bytes[3] === 0x46;

const isText = (mediaType: string, bytes: Uint8Array): boolean =>
	/^text\/|json$|xml$/.test(mediaType) && !bytes.subarray(0, 1000).includes(0);
