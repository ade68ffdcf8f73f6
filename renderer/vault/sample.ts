/** The sample engagement: made-up members who share a passphrase that everybody knows. It holds nothing worth a secret. */
import { ok } from '#kernel';
import type { Answer } from './contract.ts';
import { createEngagement } from './createEngagement.ts';
import type { Session, SessionPorts } from './session.ts';

const SAMPLE_PASSPHRASE = 'sample';

const SAMPLE = {
	label: 'Sample engagement',
	name: 'Sample audit FY 2026',
	client: 'The made-up company',
	organisation: 'Meridian Assurance',
	deadline: null,
	isSample: true,
	passphrase: SAMPLE_PASSPHRASE,
	members: [
		{ name: 'A. Okafor', role: 'partner' },
		{ name: 'M. Ito', role: 'preparer' },
		{ name: 'K. Lee', role: 'reviewer' },
	],
} as const;

/** Whom the window acts as at first. */
const FIRST = 'M. Ito';

export async function openSample(
	session: Session,
	ports: SessionPorts,
): Promise<Answer<{ readonly engagementId: string; readonly hasEvidence: boolean }>> {
	const existing = (await ports.headers.list()).find(({ isSample, state, restored }) => isSample && state === 'ready' && restored === null);
	if (existing === undefined) {
		const made = await createEngagement(SAMPLE, session, ports);
		if (!made.ok) return made;
	} else {
		const secrets = await session.tryPassphrase(existing, SAMPLE_PASSPHRASE);
		if (!secrets.ok) return secrets;
		const opened = await session.open(existing, secrets.value, false);
		if (!opened.ok) return opened;
	}
	const open = session.current();
	if (open === null) return ok({ engagementId: '', hasEvidence: false });
	const { engagement, secrets } = open;
	const { members } = engagement.workbook();
	const first = secrets.find(({ signer }) => members.get(signer.memberId)?.name === FIRST);
	if (first) engagement.actAs(first.signer);
	const hasEvidence = engagement.workbook().imports.size > 0 && engagement.evidence() !== null;
	return ok({ engagementId: open.header.engagementId, hasEvidence });
}
