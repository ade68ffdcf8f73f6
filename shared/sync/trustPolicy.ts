/**
 * Whom an engagement believes about a log, pinned when it begins: the log's name, the keys that may sign for it, and how many of which
 * witnesses must stand beside them. It comes from outside the hub, confirmed by its fingerprint; the hub only claims.
 */

import { parseVerifierKey, type VerifierKey } from '#evidence';
import { canonicalize, err, fromBase64, ok, type Result, sha256Hex, utf8 } from '#kernel';

export interface TrustedLogKey {
	readonly key: VerifierKey;
	/** Largest tree size the key may sign, per table of the log; a table that is absent has no bound. */
	readonly until: Readonly<Record<string, number>>;
}

export interface TrustPolicy {
	/** Name of the log without a table: `acme.example/o2c`. */
	readonly log: string;
	readonly keys: readonly TrustedLogKey[];
	readonly witnesses: readonly VerifierKey[];
	/** Witnesses that must have cosigned a head, at least. */
	readonly quorum: number;
}

export type TrustPolicyError = 'no_key' | 'bad_key' | 'key_reuse' | 'quorum_too_large';

const SENTENCES: Readonly<Record<TrustPolicyError, string>> = {
	no_key: 'A policy needs at least one key of the log. Take it from the company, not from the hub.',
	bad_key: 'One of the keys is no verifier key. Copy it in one piece: NAME+KEYID+BASE64.',
	key_reuse: 'A key is named twice, or a witness has the log’s own key: a log can not witness itself.',
	quorum_too_large: 'The policy asks for more witnesses than it names.',
};

export const describeTrustPolicyError = (error: TrustPolicyError): string => SENTENCES[error];

/** @param logKeys vkeys of the log; @param witnesses vkeys of its witnesses */
export function trustPolicy(
	log: string,
	logKeys: readonly { readonly vkey: string; readonly until?: Readonly<Record<string, number>> }[],
	witnesses: readonly string[] = [],
	quorum = 0,
): Result<TrustPolicy, TrustPolicyError> {
	if (logKeys.length === 0) return err('no_key');
	const keys: TrustedLogKey[] = [];
	for (const { vkey, until = {} } of logKeys) {
		const key = parseVerifierKey(vkey);
		if (!key.ok) return err('bad_key');
		keys.push({ key: key.value, until });
	}
	const standing: VerifierKey[] = [];
	for (const vkey of witnesses) {
		const key = parseWitnessKey(vkey);
		if (!key) return err('bad_key');
		standing.push(key);
	}
	const material = [...keys.map(({ key }) => key), ...standing].map(({ publicKey }) => sha256Hex(publicKey));
	if (new Set(material).size !== material.length) return err('key_reuse');
	if (quorum > standing.length) return err('quorum_too_large');
	return ok({ log, keys, witnesses: standing, quorum });
}

/** Signature type of a timestamped Ed25519 cosignature (C2SP signed-note, "Signature types"). */
const TYPE_COSIGNATURE = 0x04;

/** A witness' vkey, `<name>+<key id>+<base64(0x04 ‖ key)>` (C2SP tlog-cosignature); null where it is none. */
export function parseWitnessKey(text: string): VerifierKey | null {
	const [, name = '', keyId = '', encoded = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
	const material = encoded === '' ? null : fromBase64(encoded);
	if (material?.length !== 33 || material[0] !== TYPE_COSIGNATURE) return null;
	const publicKey = material.subarray(1);
	return witnessKeyId(name, publicKey) === keyId ? { name, keyId, publicKey } : null;
}

/** First four bytes of SHA-256(name ‖ 0x0A ‖ 0x04 ‖ public key), as hex. */
export function witnessKeyId(name: string, publicKey: Uint8Array): string {
	const head = utf8(`${name}\n`);
	const bytes = new Uint8Array(head.length + 1 + publicKey.length);
	bytes.set(head);
	bytes[head.length] = TYPE_COSIGNATURE;
	bytes.set(publicKey, head.length + 1);
	return sha256Hex(bytes).slice(0, 8);
}

/** A key with where it was retired: without that, a hub could let a retired key sign again under the same fingerprint. */
const keyText = ({ key, until }: TrustedLogKey): string => {
	const text = `${key.name}+${key.keyId}+${sha256Hex(key.publicKey)}`;
	return Object.keys(until).length === 0 ? text : `${text} until ${canonicalize(until)}`;
};

/** What two people compare, on paper or by voice: 16 groups of four hex digits over the whole policy. */
export function policyFingerprint({ log, keys, witnesses, quorum }: TrustPolicy): string {
	const digest = sha256Hex(
		utf8(
			canonicalize({
				log,
				keys: keys.map(keyText).sort(),
				witnesses: witnesses.map(({ name, keyId, publicKey }) => `${name}+${keyId}+${sha256Hex(publicKey)}`).sort(),
				quorum,
			}),
		),
	);
	return (digest.match(/.{4}/g) ?? []).join(' ');
}
