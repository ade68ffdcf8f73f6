/** Documents that the hub itself says it has lost. Evidence stands without them; what cites them says so. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { copyText } from '../../app/bridge.ts';
import { formatCount, plural } from '../../app/format.ts';
import layoutStyles from '../../components/Layout.module.css';
import { CardHead } from './CardHead.tsx';
import styles from './Sync.module.css';

const SHOWN = 20;

export function LostDocuments({ names }: { names: readonly string[] }) {
	const [copied, setCopied] = useState<readonly string[]>([]);
	if (names.length === 0) return null;
	const title = `${formatCount(names.length)} ${names.length === 1 ? 'document is' : 'documents are'} lost at the hub`;
	return (
		<article className={styles['card']} data-tone="warn" aria-label={title}>
			<CardHead tone="warn" word="Incomplete" title={title} />
			<p>
				The hub says that it no longer holds their bytes. All else was verified and stored; rows that cite them are exceptions, and the
				documents count as missing.
			</p>
			<ol className={styles['steps']}>
				<li>
					Ask the company to send {names.length === 1 ? 'it' : 'them'} to the hub again, under the same{' '}
					{names.length === 1 ? 'hash' : 'hashes'}. The next synchronisation then brings {names.length === 1 ? 'it' : 'them'}.
				</li>
			</ol>
			<details>
				<summary>SHA-256 of {plural(names.length, 'document')}</summary>
				{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
				<pre className={styles['raw']} tabIndex={0}>
					{names.slice(0, SHOWN).join('\n')}
					{names.length > SHOWN ? `\n… and ${formatCount(names.length - SHOWN)} more` : ''}
				</pre>
			</details>
			<div className={layoutStyles['row']}>
				<Button variant="default" onClick={() => void copyText(names.join('\n')).then((isDone) => setCopied(isDone ? names : []))}>
					{copied === names ? 'Copied' : names.length === 1 ? 'Copy its SHA-256' : `Copy all ${formatCount(names.length)} SHA-256`}
				</Button>
			</div>
		</article>
	);
}
