/** The end of an engagement: its slots first, without which nothing opens any more, then its databases; and a signed certificate of it. */
import { canonicalize, ok, toBase64, utf8 } from '#kernel';
import type { Answer } from './contract.ts';
import { deleteDatabase } from './database.ts';
import type { OpenSession, Session, SessionPorts } from './session.ts';

export interface DisposalCertificate {
	readonly format: 'tieout-disposal/1';
	readonly engagement: string;
	readonly client: string;
	/** RFC 3339. */
	readonly disposedAt: string;
	readonly memberId: string;
	readonly memberName: string;
	/** Of the root key that was destroyed. */
	readonly keyFingerprint: string;
	readonly acts: number;
	readonly logHead: string;
	readonly imports: number;
	readonly segments: number;
	readonly slots: number;
	/** Base64 Ed25519. */
	readonly publicKey: string;
	/** Base64 Ed25519 over `tieout-disposal/1 ` and the canonical JSON of all other fields. */
	readonly signature: string;
}

export interface Disposal {
	readonly certificate: DisposalCertificate;
	/** In words, then as canonical JSON with the signature, in its last line. */
	readonly text: string;
	/** Whether somebody else holds the text already. */
	readonly isKept: boolean;
}

/** Takes the certificate's text as soon as the keys are gone. @returns whether it is held */
export type KeepCertificate = (text: string) => Promise<boolean>;

export async function disposeEngagement(
	open: OpenSession,
	session: Session,
	ports: SessionPorts,
	keep: KeepCertificate,
): Promise<Answer<Disposal>> {
	const { engagementId } = open.header;
	const certificate = await certificateOf(open, ports.now());
	const text = `${textOf(certificate)}${canonicalize(certificate)}\n`;
	// From here on nobody can open it, even if what follows is broken off: the next start goes on with it.
	await ports.headers.change(engagementId, (now) => ({ ...now, slots: [], head: null, state: 'disposing' }));
	// Now that it is true, and before what takes long: whoever ends this window meanwhile does not take the only copy with it.
	const isKept = await keep(text).catch(() => false);
	await session.close();
	await deleteDatabase(ports.idb, engagementId);
	await ports.headers.remove(engagementId);
	ports.changed({ kind: 'session' });
	return ok({ certificate, text, isKept });
}

async function certificateOf({ header, engagement }: OpenSession, now: number): Promise<DisposalCertificate> {
	const { seq, head, engagement: about } = engagement.workbook();
	const signer = engagement.signer();
	const unsigned = {
		format: 'tieout-disposal/1',
		engagement: about.name,
		client: about.client,
		disposedAt: new Date(now).toISOString(),
		memberId: signer.memberId,
		memberName: engagement.member().name,
		keyFingerprint: header.fingerprint,
		acts: seq,
		logHead: head,
		imports: (await engagement.database.shelf('import').ids()).length,
		segments: (await engagement.database.shelf('segment').ids()).length,
		slots: header.slots.length,
		publicKey: signer.publicKey,
	} as const;
	return { ...unsigned, signature: toBase64(signer.sign(disposalMessage(unsigned))) };
}

/** What is signed. */
export const disposalMessage = (unsigned: Omit<DisposalCertificate, 'signature'>): Uint8Array =>
	utf8(`tieout-disposal/1 ${canonicalize(unsigned)}`);

function textOf(certificate: DisposalCertificate): string {
	return [
		'CERTIFICATE OF DISPOSAL',
		'',
		`Engagement        ${certificate.engagement}`,
		`Client            ${certificate.client}`,
		`Disposed of at    ${certificate.disposedAt}`,
		`By                ${certificate.memberName} (${certificate.memberId})`,
		`Key destroyed     ${certificate.keyFingerprint}`,
		`Acts in the log   ${certificate.acts}, the last one ${certificate.logHead}`,
		`Evidence          ${certificate.imports} imports in ${certificate.segments} sealed segments`,
		`Ways in           ${certificate.slots} wrapped keys destroyed`,
		'',
		'The keys were destroyed; nothing opens without them. The databases are deleted after them, at once, or at the next start of',
		'the program where that was broken off. Copies of the data on backups can be opened only with a backup file of the engagement',
		'and one of its passphrases or its recovery key.',
		'',
		`Public key        ${certificate.publicKey}`,
		`Signature         ${certificate.signature}`,
		'',
		'As it was signed, canonical JSON (RFC 8785):',
		'',
	].join('\n');
}
