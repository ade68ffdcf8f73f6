/** A file of trusted certificates, as `check --ca` takes it: PEM blocks of certificates and revocation lists, or one DER certificate. */
import { err, ok, type Result } from '#kernel';
import { type Certificate, parseCertificate, parseRevocationList, type RevocationList } from '#pack';

export interface TrustFile {
	readonly roots: readonly Certificate[];
	readonly revocations: readonly RevocationList[];
}

const MAX_BLOCKS = 2000;
const PEM = /-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\s]*)-----END \1-----/g;

/** Every block must be readable: a trust decision is never made on the half of a file. */
export function parseTrustFile(bytes: Uint8Array): Result<TrustFile, string> {
	const single = parseCertificate(bytes);
	if (single !== null) return ok({ roots: [single], revocations: [] });
	const roots: Certificate[] = [];
	const revocations: RevocationList[] = [];
	let count = 0;
	for (const [, label, body = ''] of Buffer.from(bytes).toString('latin1').matchAll(PEM)) {
		if (++count > MAX_BLOCKS) return err(`The file has more than ${MAX_BLOCKS} blocks.`);
		const der = new Uint8Array(Buffer.from(body.replace(/\s/g, ''), 'base64'));
		const certificate = /^(TRUSTED |X509 )?CERTIFICATE$/.test(label ?? '') ? parseCertificate(der) : null;
		const revocation = label === 'X509 CRL' ? parseRevocationList(der) : null;
		if (certificate !== null) roots.push(certificate);
		else if (revocation !== null) revocations.push(revocation);
		else return err(`Block ${count} (${label}) is no certificate and no revocation list that can be read.`);
	}
	return roots.length > 0
		? ok({ roots, revocations })
		: err('The file holds no certificate. Give a PEM file with the certificates you trust.');
}
