/** A pack from its unsigned bytes to a verified file: made, signed, written, read back, checked, recorded. Each step can refuse. */
import { asAnswer, putBlob, releaseBlob } from '../../app/files.ts';
import type { Vault } from '../../app/vault.ts';
import type { Answer } from '../../vault/contract.ts';
import type { PackRequest, RenderedPack } from '../../vault/packsApi.ts';
import { type CheckedPack, readReport } from './packs.ts';

export type SignWith =
	| { readonly kind: 'p12'; readonly fileToken: string; readonly password: string }
	| { readonly kind: 'self_made'; readonly commonName: string };

export interface SignedPack {
	readonly pack: Omit<RenderedPack, 'bytes'>;
	readonly fileName: string;
	readonly size: number;
	readonly sha256: string;
	readonly signer: string;
	readonly isSelfMade: boolean;
	readonly checked: CheckedPack;
}

export interface SigningRequest {
	readonly request: PackRequest;
	readonly signer: SignWith;
	readonly reason: string;
	readonly replay: boolean;
}

/** @returns null where the save dialog was cancelled: then nothing is kept and nothing recorded */
export async function makeSignedPack(
	vault: Vault,
	{ request, signer, reason, replay }: SigningRequest,
	say: (step: string) => void,
): Promise<Answer<SignedPack | null>> {
	say('Making the pages');
	const made = await vault.packs.make(request);
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
		return await saveAndCheck(
			vault,
			pack,
			{ blobToken, signer: signed.value.signer, isSelfMade: signer.kind === 'self_made', replay },
			say,
		);
	} finally {
		await releaseBlob(blobToken);
	}
}

async function saveAndCheck(
	vault: Vault,
	pack: Omit<RenderedPack, 'bytes'>,
	{ blobToken, signer, isSelfMade, replay }: { blobToken: string; signer: string; isSelfMade: boolean; replay: boolean },
	say: (step: string) => void,
): Promise<Answer<SignedPack | null>> {
	say('Choosing where to save it');
	const chosen = asAnswer(await window.tieout.invoke('file.chooseToSave', { suggestedName: pack.fileName, kind: 'pack' }));
	if (!chosen.ok) return chosen;
	if (chosen.value === null) return { ok: true, value: null };
	const { fileToken, name } = chosen.value;
	try {
		say('Writing and reading back');
		const saved = asAnswer(await window.tieout.invoke('file.saveBlob', { fileToken, blobToken }));
		if (!saved.ok) return saved;
		say('Verifying the written file');
		const checked = await checkFile(vault, fileToken, { replay, trustFileToken: null });
		if (!checked.ok) return checked;
		const { size, sha256 } = saved.value;
		const recorded = await vault.packs.recordPack({
			packId: pack.packId,
			sha256,
			fileName: name,
			pages: pack.pages,
			findingIds: pack.findingIds,
			signer,
			signerIsSelfMade: isSelfMade,
			verdict: checked.value.verdict,
		});
		if (!recorded.ok) return recorded;
		return { ok: true, value: { pack, fileName: name, size, sha256, signer, isSelfMade, checked: checked.value } };
	} finally {
		await window.tieout.invoke('file.release', { fileToken });
	}
}

/** The strict verifier's word on a file, under the log keys this engagement trusts. */
export async function checkFile(
	vault: Vault,
	fileToken: string,
	{ replay, trustFileToken }: { readonly replay: boolean; readonly trustFileToken: string | null },
): Promise<Answer<CheckedPack>> {
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
		? { ok: true, value: report }
		: { ok: false, error: { code: 'invalid', message: 'The verifier answered in a format this version does not read.' } };
}
