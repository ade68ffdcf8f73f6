/** Signs and checks packs. Keys are opened for one signature; passwords are not kept, not logged and not answered. */
import { createHash, randomBytes } from 'node:crypto';
import { type IpcAnswer, type IpcError, ipcError, type RequestOf } from '#ipc';
import { err, ok } from '#kernel';
import { parseCertificate } from '#pack';
import type { PackSigner } from '../services/packSigner.ts';
import { type Pkcs12Fault, readPkcs12 } from '../services/pkcs12.ts';
import { makeSelfSigned } from '../services/selfSigned.ts';
import { countersignPack, type SignFault, signPack } from '../services/signPack.ts';
import type { BlobStore } from './blobs.ts';
import type { Handlers } from './context.ts';
import type { FileStore } from './files.ts';

const MAX_KEY_FILE_BYTES = 1 << 20;
const MAX_PACK_BYTES = 1 << 30;
const SELF_MADE_DAYS = 3650;

type SignRequest = RequestOf<'sign.pack'>;

interface Stores {
	readonly files: FileStore;
	readonly blobs: BlobStore;
}

export function signingHandlers(stores: Stores): Handlers<'sign.inspectKey' | 'sign.pack' | 'sign.countersign'> {
	return {
		'sign.inspectKey': async ({ fileToken, password }) => {
			const key = await openKey(stores, fileToken, password);
			if (!key.ok) return key;
			const { certificate, signer } = key.value;
			return ok({
				subject: certificate.subjectText,
				notBefore: certificate.notBefore,
				notAfter: certificate.notAfter,
				algorithm: signer.algorithm === 'ecdsa' ? 'ecdsa' : 'rsa',
			});
		},
		'sign.pack': (request) => sign(stores, request, (bytes, signer, words) => signPack(bytes, signer, { ...words, field: 'Preparer' })),
		'sign.countersign': (request) => sign(stores, request, (bytes, signer, words) => countersignPack(bytes, signer, words)),
	};
}

/** What is signed or checked, whole. */
export const sourceBytes = async ({ files, blobs }: Stores, source: SignRequest['source']): Promise<IpcAnswer<Uint8Array<ArrayBuffer>>> =>
	source.kind === 'blob' ? blobs.whole(source.blobToken) : await files.readWhole(source.fileToken, MAX_PACK_BYTES);

async function sign(
	stores: Stores,
	{ source, signer: wanted, time, reason, location }: SignRequest,
	work: (bytes: Uint8Array, signer: PackSigner, words: { time: number; reason?: string; location?: string }) => ReturnType<typeof signPack>,
) {
	// The key comes first: a wrong password must not cost the reading of a pack.
	const signer = await signerOf(stores, wanted);
	if (!signer.ok) return signer;
	const bytes = await sourceBytes(stores, source);
	if (!bytes.ok) return bytes;
	const signed = await work(bytes.value, signer.value, {
		time,
		...(reason === null ? {} : { reason }),
		...(location === null ? {} : { location }),
	});
	if (!signed.ok) return err(ofSigning(signed.error));
	const token = stores.blobs.keep(signed.value);
	if (!token.ok) return token;
	return ok({
		blobToken: token.value,
		size: signed.value.length,
		sha256: createHash('sha256').update(signed.value).digest('hex'),
		signer: parseCertificate(signer.value.certificates[0])?.subjectText ?? '',
	});
}

async function signerOf(stores: Stores, wanted: SignRequest['signer']): Promise<IpcAnswer<PackSigner>> {
	if (wanted.kind === 'self_made') {
		const { commonName } = wanted;
		return ok(makeSelfSigned({ commonName, kind: 'p-256', serial: randomBytes(16), now: Date.now(), days: SELF_MADE_DAYS }));
	}
	const key = await openKey(stores, wanted.fileToken, wanted.password);
	return key.ok ? ok(key.value.signer) : key;
}

async function openKey({ files }: Stores, fileToken: string, password: string) {
	const bytes = await files.readWhole(fileToken, MAX_KEY_FILE_BYTES);
	if (!bytes.ok) return bytes;
	const key = readPkcs12(bytes.value, password, Date.now());
	return key.ok ? key : err(ofKey(key.error));
}

const WRONG_PASSWORD = 'The password does not open the key file. Type the password of this file; it is not the one of the engagement.';

const ofKey = ({ code, detail }: Pkcs12Fault): IpcError =>
	ipcError('key_refused', code === 'wrong_password' ? WRONG_PASSWORD : detail, { reason: code });

const ofSigning = ({ code, detail }: SignFault): IpcError => ipcError('sign_refused', detail, { reason: code });
