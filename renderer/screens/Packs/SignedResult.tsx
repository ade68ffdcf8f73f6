/** What became of the signature: the file as it was read back and what the verifier says of it. */

import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { formatBytes, formatCount } from '../../app/format.ts';
import { Callout } from '../../components/Callout.tsx';
import { FactList, Panel } from '../../components/Frame.tsx';
import { Hash } from '../../components/Values.tsx';
import { CheckReportView } from './CheckReportView.tsx';
import styles from './Packs.module.css';
import type { SignedPack } from './signing.ts';

export function SignedResult({ signed, onClose }: { signed: SignedPack; onClose: () => void }) {
	const top = useRef<HTMLDivElement>(null);
	useEffect(() => {
		top.current?.scrollIntoView({ block: 'start' });
		top.current?.focus();
	}, []);
	const { pack, fileName, size, sha256, signer, isSelfMade, checked } = signed;
	return (
		<div ref={top} tabIndex={-1}>
			<Panel title="Signed and written" actions={<Button onClick={onClose}>Done</Button>}>
				<FactList
					facts={[
						{ label: 'File', value: fileName },
						{ label: 'SHA-256, read back', value: <Hash value={sha256} /> },
						{ label: 'Size', value: formatBytes(size) },
						{ label: 'Pages', value: formatCount(pack.pages) },
						{ label: 'Attachments', value: formatCount(pack.attachments.length) },
						{ label: 'Signer', value: signer },
					]}
				/>
				{isSelfMade ? <Callout>Signed with a key made for this pack: it proves “unchanged since”, not by whom.</Callout> : null}
				{pack.notes.length > 0 ? (
					<>
						<h3>Left out</h3>
						<ul className={styles['list']}>
							{pack.notes.map((note) => (
								<li key={note}>{note}</li>
							))}
						</ul>
					</>
				) : null}
			</Panel>
			<CheckReportView report={checked} />
		</div>
	);
}
