/** Everything the verifier can object to: a closed vocabulary, one sentence each, and the verdict it leads to. */

/** From best to worst; a report's verdict is the worst of its codes. */
export const CHECK_VERDICTS = ['VALID', 'INCOMPLETE', 'UNTRUSTED', 'TAMPERED'] as const;
export type CheckVerdict = (typeof CHECK_VERDICTS)[number];

interface CodeRow {
	readonly verdict: Exclude<CheckVerdict, 'VALID'>;
	readonly sentence: string;
}

const tampered = (sentence: string): CodeRow => ({ verdict: 'TAMPERED', sentence });
const untrusted = (sentence: string): CodeRow => ({ verdict: 'UNTRUSTED', sentence });
const incomplete = (sentence: string): CodeRow => ({ verdict: 'INCOMPLETE', sentence });

export const CHECK_CODES = {
	// The file as a whole.
	not_a_pdf: tampered('The file is no PDF.'),
	not_a_tieout_pack: incomplete('The file is a PDF, but no Tieout pack: it has no manifest to be checked against.'),
	leading_bytes: tampered('Bytes stand before the PDF header.'),
	trailing_bytes: tampered('Bytes follow the end of the last revision.'),
	truncated: tampered('The file stops before its end.'),
	syntax_error: tampered('The file breaks the PDF syntax, so that two readers could see two documents.'),
	xref_mismatch: tampered('The cross-reference table does not list exactly the objects that are there.'),
	xref_not_classic: tampered('The file uses compressed cross-references or object streams, which a pack never does.'),
	trailer_changed: tampered('A later revision changes the file trailer beyond /Prev and /Size.'),
	check_failed: tampered('The check itself broke down on this file; nothing about it can be relied on.'),
	// What a pack may not contain.
	encrypted: tampered('The file is encrypted.'),
	forbidden_key: tampered('The file contains scripts, actions, forms or layers that a pack never has.'),
	forbidden_annotation: tampered('The file contains an annotation of a kind that a pack never has.'),
	font_not_embedded: tampered('A font is not embedded, so that the pages look as the reader’s machine decides.'),
	// Where a signature's bytes lie.
	byte_range_missing: tampered('A signature does not say which bytes it covers.'),
	byte_range_malformed: tampered('A signature’s byte range is not [0 a b c] with whole numbers.'),
	byte_range_outside_file: tampered('A signature’s byte range points outside the file or backwards.'),
	byte_range_gap: tampered('The bytes a signature leaves out are not exactly its own value.'),
	byte_range_not_at_revision_end: tampered('A signature’s byte range does not end where a revision ends.'),
	signature_in_other_revision: tampered('A signature covers another revision than the one it was written in.'),
	bytes_after_signature: tampered('Bytes follow what the last signature covers.'),
	contents_missing: tampered('A signature has no value.'),
	contents_empty: tampered('A signature’s value is empty.'),
	contents_not_hex: tampered('A signature’s value is not a hex string.'),
	contents_not_canonical: tampered('A signature’s hex digits are interrupted or spelt in another way than a pack writes them.'),
	contents_padding: tampered('Something other than zeros stands behind a signature’s value.'),
	subfilter_not_allowed: tampered('A signature has another format than ETSI.CAdES.detached.'),
	// What a signature says.
	cms_unreadable: tampered('A signature’s value can’t be read as CMS SignedData with one signer.'),
	cms_not_canonical: tampered('A signature’s value is not encoded as DER demands, or has parts a pack never has.'),
	digest_mismatch: tampered('The document’s bytes are not those that were signed.'),
	attributes_invalid: tampered('A signature’s signed attributes are incomplete or contradict the signature.'),
	signing_certificate_mismatch: tampered('A signature names another certificate than the one it carries.'),
	certificate_not_bound: tampered('A certificate in the signature is not the one the signer bound to it.'),
	certificate_unreadable: tampered('A certificate in the signature can’t be read.'),
	signer_certificate_missing: tampered('The signer’s certificate is not in the signature.'),
	signature_invalid: tampered('The signature does not verify with the key of its certificate.'),
	algorithm_not_allowed: untrusted('The signature uses an algorithm that is no longer accepted.'),
	key_not_allowed: untrusted('The signer’s key is too weak or of a kind that is not accepted.'),
	timestamp_mismatch: tampered('A timestamp was made over other bytes than this signature.'),
	timestamp_invalid: tampered('A timestamp can’t be read or does not verify.'),
	// Who signed.
	signer_self_signed: untrusted('The signer’s certificate is self-signed and not among the trusted ones.'),
	issuer_unknown: untrusted('No chain leads from the signer’s certificate to a trusted one.'),
	certificate_expired: untrusted('A certificate had expired at the time of signing.'),
	certificate_not_yet_valid: untrusted('A certificate was not yet valid at the time of signing.'),
	certificate_revoked: untrusted('A certificate was revoked.'),
	certificate_key_usage: untrusted('A certificate does not allow its key to be used for this.'),
	certificate_constraints: untrusted('A certificate in the chain breaks its constraints.'),
	revocation_list_unusable: untrusted('A revocation list of the signer’s issuer does not verify.'),
	// Later revisions.
	not_certified: tampered('The first revision is not certified by the preparer’s signature (DocMDP P=2).'),
	update_empty: tampered('An update was appended that changes nothing and that nobody signed.'),
	update_changes_page_content: tampered('An unlawful update changes what a page shows.'),
	update_changes_pages: tampered('An unlawful update replaces pages.'),
	update_adds_page: tampered('An unlawful update adds a page.'),
	update_changes_page: tampered('An unlawful update changes a page’s properties.'),
	update_changes_font: tampered('An unlawful update changes a font, and so what the text reads as.'),
	update_changes_catalog: tampered('An unlawful update changes the document catalog.'),
	update_adds_annotation: tampered('An unlawful update puts an annotation on a page.'),
	update_adds_signature_field: tampered('An unlawful update adds a signature field of its own.'),
	update_changes_field: tampered('An unlawful update changes a signature field beyond its value.'),
	update_changes_attachment: tampered('An unlawful update changes an embedded file.'),
	update_adds_action: tampered('An unlawful update adds an action or a script.'),
	update_changes_info: tampered('An unlawful update changes the document information.'),
	update_changes_object: tampered('An unlawful update changes or adds an object.'),
	// Manifest, files, roles, proofs.
	manifest_missing: tampered('The pack has no manifest.'),
	manifest_unreadable: tampered('The manifest can’t be read.'),
	manifest_not_canonical: tampered('The manifest is not canonical JSON: keys stand twice, out of order, or with white space.'),
	attachment_missing: tampered('A file the manifest lists is not in the pack.'),
	attachment_undeclared: tampered('The pack contains a file that its manifest does not list.'),
	attachment_mismatch: tampered('An embedded file is not the one the manifest lists.'),
	attachment_duplicate: tampered('Two embedded files have the same name.'),
	attachment_unreadable: tampered('An embedded file can’t be read.'),
	role_not_signed: incomplete('A role the manifest requires has not signed.'),
	signature_without_role: tampered('Somebody signed in a role that the manifest does not know.'),
	evidence_missing: incomplete('Evidence the pack relies on is not in it.'),
	evidence_unreadable: tampered('Embedded evidence can’t be read.'),
	proof_invalid: tampered('An inclusion proof does not lead from its line to the checkpoint.'),
	heads_invalid: tampered('A heads record, or an order’s line in it, does not lead to a signed checkpoint of the hub’s records.'),
	head_mismatch: tampered('The events of an order in the pack are others than its heads record counts.'),
	order_incomplete: incomplete('The pack is incomplete: it leaves out events of an order that its heads record counts.'),
	checkpoint_invalid: tampered('A checkpoint’s signature does not verify.'),
	line_mismatch: tampered('An embedded line is not the one that was cited.'),
	result_mismatch: tampered('The embedded results contradict their own hashes or the drop they speak of.'),
	replay_mismatch: tampered('Re-running the tests on the embedded data gives other results than the pack states.'),
	replay_not_possible: incomplete('The tests can’t be re-run: the pack does not carry all of their data.'),
	log_key_untrusted: untrusted('The log is signed with another key than the trusted one.'),
} as const satisfies Readonly<Record<string, CodeRow>>;

export type CheckCode = keyof typeof CHECK_CODES;

export interface CheckFinding {
	readonly code: CheckCode;
	/** Where and with which values, in one phrase. */
	readonly detail: string;
}

export const finding = (code: CheckCode, detail: string): CheckFinding => ({ code, detail });

export const worstVerdict = (findings: readonly CheckFinding[]): CheckVerdict =>
	findings.reduce<CheckVerdict>((worst, { code }) => {
		const { verdict } = CHECK_CODES[code];
		return CHECK_VERDICTS.indexOf(verdict) > CHECK_VERDICTS.indexOf(worst) ? verdict : worst;
	}, 'VALID');
