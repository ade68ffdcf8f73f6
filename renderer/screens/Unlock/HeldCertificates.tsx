/** Certificates of disposal that nobody has saved yet. Each stays here until it stands in a file or is discarded on purpose. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { discardCertificate, type HeldCertificate, heldCertificates, saveCertificate } from '../../app/certificates.ts';
import { notify } from '../../app/notify.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import styles from './Unlock.module.css';

export function HeldCertificates() {
	const [settled, setSettled] = useState(0);
	const held = useQuery(() => heldCertificates(), [settled]);
	if (held.state === 'loading') return null;
	return (
		<Ask query={held}>
			{(list) => list.map((one) => <Certificate key={one.certificateId} held={one} onSettled={() => setSettled((count) => count + 1)} />)}
		</Ask>
	);
}

function Certificate({ held, onSettled }: { held: HeldCertificate; onSettled: () => void }) {
	const [isDiscarding, setDiscarding] = useState(false);
	const save = async (): Promise<void> => {
		const saved = await saveCertificate(held);
		if (!saved.ok) return notify({ tone: 'failed', message: saved.error.message });
		if (saved.value === null) return;
		notify({ tone: 'done', message: `Certificate written and read back: ${saved.value.name}` });
		onSettled();
	};
	const discard = async (): Promise<void> => {
		await discardCertificate(held.certificateId);
		onSettled();
	};
	return (
		<section className={styles['panel']} aria-label="Certificate of disposal">
			<div>
				<h2>The engagement is disposed of</h2>
				Its certificate is in no file yet. It is held here until you save it, and only as long as the program runs.
			</div>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and whoever has no mouse must get at its end */}
			<pre className={styles['certificate']} tabIndex={0}>
				{held.text}
			</pre>
			<div className={styles['actions']}>
				<Button onClick={() => void save()}>Save certificate…</Button>
				{isDiscarding ? (
					<>
						<Button color="red" variant="outline" onClick={() => void discard()}>
							Discard it for good
						</Button>
						<Button variant="default" onClick={() => setDiscarding(false)}>
							Keep it
						</Button>
					</>
				) : (
					<Button variant="subtle" onClick={() => setDiscarding(true)}>
						Discard…
					</Button>
				)}
			</div>
		</section>
	);
}
