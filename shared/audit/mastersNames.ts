/** Names and tax numbers of customers, reduced to what tells them apart. */

/** Legal forms as they stand behind a name, without points. Two-word forms are caught word by word. */
const LEGAL_FORMS: ReadonlySet<string> = new Set(
	`ab ag aktiengesellschaft aktiebolag aps as asa bv bvba co company corp corporation cv doo eirl fzco fze gbr gesmbh gmbh hf inc incorporated jsc
	kft kg kgaa kk lda limitada limited llc llp ltd ltda mbh nv ohg ood oy oyj pjsc plc private pte pty pvt sa sab sae sarl sas sasu se sl slu
	sociedad spa spol spzoo sp spk sro srl tbk ug unlimited vof zoo zrt
	bsc bhd eireli eood epp ksc kscc kscp ltee oao ooo psc qsc saoc saog sdn sia snc spc uab wll zao`
		.split(/\s+/)
		.filter(Boolean),
);

/** Written behind or before a name without a space. */
const ATTACHED_FORMS: readonly string[] = ['株式会社', '有限会社', '合同会社', '股份有限公司', '有限责任公司', '有限公司', '주식회사'];

/** Words of legal forms of several words, such as "GmbH & Co. KG", "sp. z o.o.", "S.A. de C.V.": dropped only behind another form. */
const CONNECTIVES: ReadonlySet<string> = new Set(['and', 'und', 'et', 'de', 'z', 'o', 'oo', 'haftungsbeschrankt']);

/**
 * A name in one spelling: case folded, without punctuation and without the legal form behind it. A name that is nothing but a legal form
 * is kept whole.
 */
export function nameKey(name: string): string {
	let text = name.normalize('NFKC').toLowerCase();
	for (const form of ATTACHED_FORMS) if (text.startsWith(form)) text = text.slice(form.length);
	for (const form of ATTACHED_FORMS) if (text.endsWith(form)) text = text.slice(0, -form.length);
	const words = text
		.replace(/[.'’`´/]/g, '')
		.replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
		.trim()
		.split(' ');
	return withoutLegalForm(words).join(' ');
}

function withoutLegalForm(words: readonly string[]): readonly string[] {
	let end = words.length;
	for (;;) {
		let last = end - 1;
		while (last > 0 && CONNECTIVES.has(words[last] as string)) last--;
		if (last <= 0 || !LEGAL_FORMS.has(words[last] as string)) break;
		end = last;
	}
	return words.slice(0, end);
}

/** A tax number in capitals without symbols; "" for placeholders, which have no digit but 0. */
export function tinKey(tin: string): string {
	const key = tin
		.normalize('NFKC')
		.toUpperCase()
		.replace(/[^\p{L}\p{N}]/gu, '');
	return /[1-9]/.test(key) ? key : '';
}
