/** The ways into an engagement: making one, unlocking, recovering, the sample. */
import { ok } from '#kernel';
import type { Answer } from './contract.ts';
import { createEngagement, labelFault, neutralLabel } from './createEngagement.ts';
import { passphraseFault } from './passphrase.ts';
import { parseRecoveryKey } from './recoveryKey.ts';
import { openSample } from './sample.ts';
import type { Session, SessionPorts } from './session.ts';
import { locked, withOpen } from './session.ts';
import { setPassphrase } from './sessionPassphrase.ts';
import { openSlots } from './slots.ts';
import { refuse } from './vaultError.ts';

export interface NewEngagementForm {
	readonly label: string | null;
	readonly name: string;
	readonly client: string;
	readonly organisation: string;
	readonly memberName: string;
	readonly deadline: string | null;
	readonly passphrase: string;
}

const onlySample = (): Answer<never> =>
	refuse(
		'runtime_refused',
		'This runtime has known faults and must not hold a client’s data: only the sample opens on it. Install the supported version.',
	);

export function sessionEntry(session: Session, ports: SessionPorts) {
	let isRestricted = false;
	return {
		/** From now on only the sample opens; nothing takes that back. */
		restrictToSample(): void {
			isRestricted = true;
		},
		/** Makes and unlocks an engagement. The window goes in by `enter`, once the recovery key was shown. */
		create: (form: NewEngagementForm): Promise<Answer<{ readonly engagementId: string; readonly recoveryKey: string }>> =>
			session.queued(async () => {
				if (isRestricted) return onlySample();
				const { label, name, client, organisation, deadline, memberName, passphrase } = form;
				const fault = passphraseFault(passphrase, [name, client, organisation, memberName, label ?? '']);
				if (fault !== null) return refuse('weak_passphrase', fault);
				const labelled = label === null ? ok(undefined) : labelFault(label);
				if (!labelled.ok) return labelled;
				const existing = await ports.headers.list();
				if (label !== null && existing.some((header) => header.label === label.trim()))
					return refuse('engagement_exists', `An engagement is labelled “${label.trim()}” already. Give this one another label.`);
				const wanted = {
					label: label?.trim() ?? neutralLabel(ports.randomId()),
					...{ name, client, organisation, deadline, passphrase, isSample: false },
					members: [{ name: memberName, role: 'partner' as const }],
				};
				const made = await createEngagement(wanted, session, ports);
				return made.ok ? ok({ engagementId: made.value.opened.header.engagementId, recoveryKey: made.value.recoveryKey }) : made;
			}),
		/** Makes or opens the sample: made-up members, a passphrase that everybody knows. The window goes in by `enter`. */
		openSample: (): Promise<Answer<{ readonly engagementId: string; readonly hasEvidence: boolean }>> =>
			session.queued(() => openSample(session, ports)),
		enter: (engagementId: string): Promise<Answer<void>> =>
			withOpen(session, (open) => {
				if (open.header.engagementId !== engagementId) return Promise.resolve(locked());
				session.change({ isEntered: true });
				return Promise.resolve(ok(undefined));
			}),
		unlock: (engagementId: string, passphrase: string): Promise<Answer<void>> =>
			session.queued(async () => {
				const header = await session.headerOf(engagementId);
				if (!header.ok) return header;
				if (isRestricted && !header.value.isSample) return onlySample();
				// The passphrase takes a while; the columns come right after it.
				ports.packing.prepare();
				const secrets = await session.tryPassphrase(header.value, passphrase);
				if (!secrets.ok) return secrets;
				const opened = await session.open(header.value, secrets.value, true);
				return opened.ok ? ok(undefined) : opened;
			}),
		/** Opens with the recovery key and gives its member a new passphrase. */
		unlockWithRecovery: (engagementId: string, recoveryKey: string, passphrase: string): Promise<Answer<void>> =>
			session.queued(async () => {
				const header = await session.headerOf(engagementId);
				if (!header.ok) return header;
				if (isRestricted && !header.value.isSample) return onlySample();
				const fault = passphraseFault(passphrase, []);
				if (fault !== null) return refuse('weak_passphrase', fault);
				const key = parseRecoveryKey(recoveryKey);
				if (key === null)
					return refuse('wrong_passphrase', 'This is no recovery key: a character is wrong or missing. Compare it with the one you kept.');
				const secrets = await openSlots(header.value, 'recovery', key);
				if (secrets.length === 0)
					return refuse(
						'wrong_passphrase',
						'This is the recovery key of another engagement, or one that a newer key has replaced. Compare it with the one you kept.',
					);
				const opened = await session.open(header.value, secrets, true);
				if (!opened.ok) return opened;
				return await setPassphrase(opened.value, passphrase, session, ports);
			}),
	};
}
