/** Certificates and revocation lists that a document security store brings along (ETSI EN 319 142-1 §5.4.2.2). Candidates, not trusted. */
import type { PdfFile } from './pdfSyntaxFile.ts';
import { dictOf, entryOf, nameOf, type PdfValue } from './pdfSyntaxValue.ts';
import type { VerifyPorts } from './signatureAlgorithm.ts';
import { type Certificate, parseCertificate, parseRevocationList, type RevocationList } from './x509.ts';

const MAX_ITEMS = 256;
const MAX_BYTES = 16 * 1024 * 1024;

export function securityStore(
	file: PdfFile,
	ports: VerifyPorts,
): { readonly certificates: readonly Certificate[]; readonly revocations: readonly RevocationList[] } {
	const trailer = file.revisions.at(-1)?.trailer;
	const catalog = trailer === undefined ? null : dictOf(file.resolve(entryOf(trailer, 'Root')));
	const store = catalog === null ? null : dictOf(file.resolve(entryOf(catalog, 'DSS')));
	const streams = (key: string): Uint8Array[] => {
		const list = store === null ? undefined : file.resolve(entryOf(store, key));
		return list?.kind === 'array' ? list.items.slice(0, MAX_ITEMS).flatMap((item) => bytesOf(file, file.resolve(item), ports) ?? []) : [];
	};
	return {
		certificates: streams('Certs').flatMap((raw) => parseCertificate(raw) ?? []),
		revocations: streams('CRLs').flatMap((raw) => parseRevocationList(raw) ?? []),
	};
}

function bytesOf(file: PdfFile, value: PdfValue | undefined, ports: VerifyPorts): Uint8Array | null {
	if (value?.kind !== 'stream') return null;
	const raw = file.bytes.subarray(value.dataStart, value.dataEnd);
	if (entryOf(value.dict, 'Filter') === undefined) return raw;
	return nameOf(value.dict, 'Filter') === 'FlateDecode' ? ports.inflate(raw, MAX_BYTES) : null;
}
