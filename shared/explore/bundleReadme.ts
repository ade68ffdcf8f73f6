/** What a verifier bundle says of itself: what it holds, how to check it by hand, and what it does not prove. */
import type { BundleInput, BundleKey } from './bundleInput.ts';

/** A name out of the evidence on one line of plain text. */
const plain = (text: string): string => text.replace(/\p{C}/gu, '\uFFFD');

export function bundleReadme({ subject, company, dropId, manifestSha256, lines }: BundleInput, keys: readonly BundleKey[]): string {
	const proved = lines.filter(({ proof }) => proof.verdict === 'included' || proof.verdict === 'claimed').length;
	return `PROOF OF RECORDS: ${plain(subject)}

Company        ${plain(company)}
Evidence drop  ${plain(dropId)}
Manifest       SHA-256 ${manifestSha256}
Lines          ${lines.length}, of which ${proved} lead to a signed head

Nothing here needs the program that wrote it: OpenSSL 3, bash and the usual Unix tools are enough, without a network.

FILES
lines/TABLE/LINE.json           the stored bytes of a record, exactly as handed over, without the line feed
proofs/TABLE/LINE.path          its way to the root: one sibling a step, and on which side it stands
proofs/TABLE/LINE.tlog-proof    the same as c2sp.org/tlog-proof@v1, with the signed head, for verifiers of transparency logs
heads/TABLE/SIZE.txt            signed heads of the log, as handed over (C2SP signed notes)
keys/ID.pem, keys/ID.vkey       the log's public key, for OpenSSL and as its operator publishes it
manifest.json                   the manifest of the evidence drop
lines.list, heads.list          what verify.sh goes through
SHA256SUMS                      the hash of every other file

THE KEY
${keys.map(keyWords).join('\n') || 'No key is known for these heads, so their signatures can be checked by nobody yet.'}
Get the key from the operator of the log yourself: a key that only this bundle names proves nothing.
As KEY.pem, out of a text VKEY as above:
     { printf 302a300506032b6570032100 | xxd -r -p; printf %s 'VKEY' | cut -d+ -f3- | openssl base64 -d -A | tail -c 32; } |
       openssl pkey -pubin -inform DER -out KEY.pem

STEPS
1. The files are those that were written:
     sha256sum --check --strict SHA256SUMS
2. All at once, with the key that you got yourself (read the script first, it is short):
     bash verify.sh KEY.pem
3. By hand, one record. Its leaf hash:
     { printf '\\0'; cat lines/TABLE/LINE.json; } | openssl dgst -sha256
   For each step of its .path file, hash a byte 1 and the two nodes, the left one first:
     { printf '\\1'; printf LEFT | xxd -r -p; printf RIGHT | xxd -r -p; } | openssl dgst -sha256
   The last hash must be the third line of the head, which is base64:
     sed -n 3p heads/TABLE/SIZE.txt | openssl base64 -d | xxd -p -c 32
4. By hand, a head. Its text is all before the blank line; a signature is base64 of a 4-byte key id and 64 bytes:
     sed '/^$/,$d' heads/TABLE/SIZE.txt > text
     grep '^— NAME ' heads/TABLE/SIZE.txt | cut -d' ' -f3 | openssl base64 -d | tail -c 64 > signature
     openssl pkeyutl -verify -pubin -inkey KEY.pem -rawin -in text -sigfile signature

LINES
${lines.map(({ proof: { table, line, sentence } }) => `${table} ${line}: ${sentence}`).join('\n')}

LIMITS
It proves that these bytes are in the log that the key's holder signed, and, for an order, that its lines follow each other without a gap
up to the last one here. It does not prove that what they say happened, or that a later line does not exist.
`;
}

const keyWords = ({ vkey, origin }: BundleKey): string =>
	`${vkey}\n  ${origin === null ? 'only claimed by the evidence drop itself' : `given from outside the drop: ${plain(origin)}`}`;
