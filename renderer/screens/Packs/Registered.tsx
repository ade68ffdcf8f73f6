/** What this engagement's register knows of a checked file; a pack whose making broke off is completed here by the check of its file. */
import { Button } from '@mantine/core';
import { notify } from '../../app/notify.ts';
import { useQuery } from '../../app/useQuery.ts';
import { useVault } from '../../app/vault.ts';
import type { PackRow } from '../../vault/packsApi.ts';
import type { Checked } from './checking.ts';
import { noticeTone } from './packs.ts';

export function Registered({ checked: { sha256, report } }: { checked: Checked }) {
	const vault = useVault();
	const made = useQuery((ask) => ask.packs.list(), [], ['workbook']);
	if (made.state !== 'ready') return null;
	const own = made.data.find((pack) => pack.sha256 === sha256);
	if (!own) return <>not one of the packs made here, byte for byte</>;
	if (own.verdict !== null) return <>made here as {own.packId}</>;
	const complete = async ({ at: _, memberId: __, ...pack }: PackRow): Promise<void> => {
		const { verdict } = report;
		const recorded = await vault.packs.recordPack({ ...pack, verdict });
		if (recorded.ok) notify({ tone: noticeTone(verdict), message: `${own.packId} is on record now: ${verdict}` });
		else notify({ tone: 'failed', message: recorded.error.message });
	};
	return (
		<>
			signed here as {own.packId}, never completed{' '}
			<Button variant="default" size="compact-xs" onClick={() => void complete(own)}>
				Put this verdict on record
			</Button>
		</>
	);
}
