/** A signing key made on the spot, for packs that nobody's certificate signs. It proves "unchanged since", never "by whom". */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { writeCertificate } from './certificateWriter.ts';
import { keySigner, type PackSigner } from './packSigner.ts';

export interface SelfSignedRequest {
	readonly commonName: string;
	readonly kind: 'rsa-3072' | 'p-256' | 'p-384';
	/** 16 random octets, from the caller's source. */
	readonly serial: Uint8Array;
	/** Milliseconds; the certificate is valid from a day before it. */
	readonly now: number;
	readonly days: number;
}

const DAY_MS = 86_400_000;

/** Makes a key pair and a self-signed certificate for digital signatures and non-repudiation. */
export function makeSelfSigned(request: SelfSignedRequest): PackSigner {
	const { publicKey, privateKey } = makeKeyPair(request.kind);
	const certificate = writeCertificate(
		{
			subject: request.commonName,
			publicKey,
			serial: positive(request.serial),
			notBefore: request.now - DAY_MS,
			notAfter: request.now + request.days * DAY_MS,
			keyUsage: ['digitalSignature', 'nonRepudiation'],
		},
		{ name: request.commonName, privateKey },
	);
	return keySigner(privateKey, [certificate]);
}

export function makeKeyPair(kind: SelfSignedRequest['kind']): { publicKey: KeyObject; privateKey: KeyObject } {
	switch (kind) {
		case 'rsa-3072':
			return generateKeyPairSync('rsa', { modulusLength: 3072 });
		case 'p-256':
			return generateKeyPairSync('ec', { namedCurve: 'P-256' });
		case 'p-384':
			return generateKeyPairSync('ec', { namedCurve: 'P-384' });
	}
}

/** A serial number must be positive: the top bit goes, the one below stands for never being zero. */
function positive(serial: Uint8Array): Uint8Array {
	const octets = serial.slice();
	octets[0] = ((octets[0] ?? 0) & 0x7f) | 0x40;
	return octets;
}
