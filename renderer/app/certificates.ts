/** Certificates of disposal, held by the main process from the end of an engagement until somebody has them in a file. */
import type { AnswerOf } from '#ipc';
import { utf8 } from '#kernel';
import type { Answer } from '../vault/contract.ts';
import { asAnswer, type SavedFile, saveBytes } from './files.ts';

export type HeldCertificate = AnswerOf<'certificate.kept'>[number];

/** Hands one over. @returns whether it is held now */
export const holdCertificate = async (text: string): Promise<boolean> => (await window.tieout.invoke('certificate.keep', { text })).ok;

export const heldCertificates = async (): Promise<Answer<readonly HeldCertificate[]>> =>
	asAnswer(await window.tieout.invoke('certificate.kept', {}));

export const discardCertificate = async (certificateId: string): Promise<void> => {
	await window.tieout.invoke('certificate.drop', { certificateId });
};

/** Asks where. Only what was written and read back is held no longer; a cancelled dialog is `null` and changes nothing. */
export async function saveCertificate({ certificateId, text }: HeldCertificate): Promise<Answer<SavedFile | null>> {
	const saved = await saveBytes('disposal-certificate.txt', 'text', utf8(text));
	if (saved.ok && saved.value !== null) await discardCertificate(certificateId);
	return saved;
}
