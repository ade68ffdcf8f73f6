/** A pack from the pages that were shown to a verified file: signed, put on record, written, read back, checked, completed. Each step can refuse. */
import { asAnswer, putBlob, releaseBlob } from '../../app/files.ts';
import type { Vault } from '../../app/vault.ts';
import type { Answer, VaultError } from '../../vault/contract.ts';
import type { PackRequest, ShownPack } from '../../vault/packsApi.ts';
import type { BegunPackRecord } from '../../vault/packsRegister.ts';
import { type CheckedPack, readReport } from './packs.ts';

export type SignWith =
	| { readonly kind: 'p12'; readonly fileToken: string; readonly password: string }
	| { readonly kind: 'self_made'; readonly commonName: string };

export interface SignedPack {
	readonly pack: Omit<ShownPack, 'bytes'>;
	readonly fileName: string;
	readonly size: number;
	readonly sha256: string;
	readonly signer: string;
	readonly isSelfMade: boolean;
	readonly checked: CheckedPack;
}

export interface SigningRequest {
	readonly request: PackRequest;
	/** Of the pages on screen: only these are signed. */
	readonly shownSha256: string;
	/** Of `session.confirmPassphrase`. */
	readonly confirmation: string;
	readonly signer: SignWith;
	readonly reason: string;
	readonly replay: boolean;
}

/** @returns null where the save dialog was cancelled: then nothing is kept and nothing recorded */
export async function makeSignedPack(
	vault: Vault,
	{ request, shownSha256, confirmation, signer, reason, replay }: SigningRequest,
	say: (step: string) => void,
): Promise<Answer<SignedPack | null>> {
	say('Taking the pages that were shown');
	const made = await vault.packs.make(request, shownSha256, confirmation);
	if (!made.ok) return made;
	const { bytes, ...pack } = made.value;
	say('Signing');
	const put = await putBlob(bytes);
	if (!put.ok) return put;
	const signed = asAnswer(
		await window.tieout.invoke('sign.pack', {
			source: { kind: 'blob', blobToken: put.value },
			signer,
			time: pack.created,
			reason: reason.trim() || null,
			location: null,
		}),
	);
	await releaseBlob(put.value);
	if (!signed.ok) return signed;
	const { blobToken } = signed.value;
	try {
		say('Choosing where to save it');
		const chosen = asAnswer(await window.tieout.invoke('file.chooseToSave', { suggestedName: pack.fileName, kind: 'pack' }));
		if (!chosen.ok || chosen.value === null) return chosen as Answer<null>;
		const { fileToken, name } = chosen.value;
		const record: BegunPackRecord = {
			packId: pack.packId,
			unsignedSha256: pack.sha256,
			sha256: signed.value.sha256,
			fileName: name,
			pages: pack.pages,
			findingIds: pack.findingIds,
			signer: signed.value.signer,
			signerIsSelfMade: signer.kind === 'self_made',
		};
		const written = await saveAndCheck(vault, record, { fileToken, blobToken, replay }, say);
		await window.tieout.invoke('file.release', { fileToken });
		if (!written.ok) return written;
		const { sha256, signerIsSelfMade: isSelfMade } = record;
		return { ok: true, value: { pack, fileName: name, sha256, signer: record.signer, isSelfMade, ...written.value } };
	} finally {
		await releaseBlob(blobToken);
	}
}

/** On record first, then written: whatever breaks off in between, the register knows that a signed file may exist. */
async function saveAndCheck(
	vault: Vault,
	record: BegunPackRecord,
	{ fileToken, blobToken, replay }: { fileToken: string; blobToken: string; replay: boolean },
	say: (step: string) => void,
): Promise<Answer<Pick<SignedPack, 'size' | 'checked'>>> {
	say('Putting it on record');
	const begun = await vault.packs.beginPack(record);
	if (!begun.ok) return begun;
	say('Writing and reading back');
	const saved = asAnswer(await window.tieout.invoke('file.saveBlob', { fileToken, blobToken }));
	if (!saved.ok) return notCompleted(saved.error);
	say('Verifying the written file');
	const checked = await checkFile(vault, fileToken, { replay, trustFileToken: null });
	if (!checked.ok) return notCompleted(checked.error);
	const { report, sha256 } = checked.value;
	if (sha256 !== record.sha256)
		return notCompleted({ code: 'unreadable_file', message: 'The written file was changed before it was checked, by something else.' });
	const { unsignedSha256: _, ...made } = record;
	const recorded = await vault.packs.recordPack({ ...made, verdict: report.verdict });
	if (!recorded.ok) return notCompleted(recorded.error);
	return { ok: true, value: { size: saved.value.size, checked: report } };
}

const notCompleted = ({ code, message }: VaultError): Answer<never> => ({
	ok: false,
	error: { code, message: `${message} The pack stands under “Made here” as not completed.` },
});

export interface CheckedFile {
	readonly report: CheckedPack;
	/** Of the bytes that were judged. */
	readonly sha256: string;
}

/** The strict verifier's word on a file, under the log keys this engagement trusts. */
export async function checkFile(
	vault: Vault,
	fileToken: string,
	{ replay, trustFileToken }: { readonly replay: boolean; readonly trustFileToken: string | null },
): Promise<Answer<CheckedFile>> {
	const keys = await vault.evidence.trustedKeys();
	const answer = asAnswer(
		await window.tieout.invoke('check.pack', {
			source: { kind: 'file', fileToken },
			trustedKeys: keys.ok ? keys.value.map(({ vkey }) => vkey) : [],
			trustFileToken,
			replay,
		}),
	);
	if (!answer.ok) return answer;
	const report = readReport(answer.value.reportJson);
	return report
		? { ok: true, value: { report, sha256: answer.value.sha256 } }
		: { ok: false, error: { code: 'invalid', message: 'The verifier answered in a format this version does not read.' } };
}
