/** `tieout pack`: the whole main job: import, verify, test, and the signed PDF audit pack. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { planRedaction } from '#assembly';
import { isAdverse } from '#audit';
import type { AuditedDrop, DropSource } from '#intake';
import { fromUtf8 } from '#kernel';
import { CHECK_CODES } from '#pack';
import { type MadePack, makePack } from '../services/makePack.ts';
import type { PackSigner } from '../services/packSigner.ts';
import { readPkcs12 } from '../services/pkcs12.ts';
import { makeSelfSigned } from '../services/selfSigned.ts';
import { VERSION } from '../services/version.ts';
import { withAudit } from './auditCommand.ts';
import { flagOption, listOption, textOption } from './commandLine.ts';
import { type CommandContext, checkTarget, writeFileWhole } from './context.ts';
import { count } from './describeAudit.ts';
import { EXIT, type ExitStatus, refuse } from './exit.ts';
import { readSecret } from './secret.ts';
import { readSmallFile } from './smallFile.ts';
import { trustedKeys } from './trustedKeys.ts';

const SELF_SIGNED_DAYS = 3650;
const SERIAL_BYTES = 16;
const MAX_KEY_FILE_BYTES = 1 << 20;
/** Some hundred pages; what is longer is a document, not a finding. */
const MAX_FINDING_BYTES = 1 << 18;

interface Signing {
	readonly signer: PackSigner;
	readonly name: string;
	readonly isSelfSigned: boolean;
	/** Milliseconds: when the pack is made and signed. */
	readonly now: number;
}

export async function packCommand(context: CommandContext): Promise<ExitStatus> {
	const out = textOption(context.options, 'out');
	if (out === null) return refuse('`tieout pack` needs --out FILE.pdf: where the pack goes.');
	await checkTarget(out);
	// The key is opened first: a wrong password must not cost an audit.
	const signing = await openKey(context);
	const findings = await readFindings(listOption(context.options, 'finding'));
	return await withAudit(context, async (audited, source) => {
		const made = await packOf(context, audited, source, signing, findings);
		await writeFileWhole(out, made.signed);
		// What lies on the disk is what was checked, or it is no pack.
		if (!(await readFile(out)).equals(made.signed)) throw new Error(`${out} does not hold the bytes that were written to it`);
		for (const note of made.notes) context.say(`note: ${note}`);
		if (signing.isSelfSigned)
			context.say('note: no --sign was given, so a key was made for this pack: it proves that nothing changed since, not who signed.');
		await context.write(describeMade(context, audited, made, out, signing), null);
		return made.report.verdict === 'VALID' && !isAdverse(audited.result, trustedKeys(context).length > 0) ? EXIT.done : EXIT.adverse;
	});
}

async function packOf(
	context: CommandContext,
	audited: AuditedDrop,
	source: DropSource,
	signing: Signing,
	findings: readonly string[],
): Promise<MadePack> {
	const redaction = await planRedaction(source, audited.drop.population, listOption(context.options, 'redact'));
	if (!redaction.ok) return refuse(`--redact: ${redaction.error}.`);
	const made = await makePack(source, audited, {
		preparedBy: signing.name,
		organisation: textOption(context.options, 'organisation') ?? '',
		created: signing.now,
		version: VERSION,
		findings,
		redaction: redaction.value,
		trustedKey: trustedKeys(context)[0] ?? null,
		signer: signing.signer,
		signal: context.signal,
		onProgress: (...progress) => context.progress.report(...progress),
	});
	context.progress.end();
	return made.ok ? made.value : refuse(made.error.message);
}

async function openKey(context: CommandContext): Promise<Signing> {
	const now = Date.now();
	const file = textOption(context.options, 'sign');
	const preparer = textOption(context.options, 'preparer');
	if (file === null) {
		const name = preparer ?? 'Self-signed preparer';
		const signer = makeSelfSigned({ commonName: name, kind: 'p-256', serial: randomBytes(SERIAL_BYTES), now, days: SELF_SIGNED_DAYS });
		return { signer, name, isSelfSigned: true, now };
	}
	const bytes = await readSmallFile('--sign', file, MAX_KEY_FILE_BYTES);
	const key = readPkcs12(bytes, await readSecret('TIEOUT_P12_PASSWORD', `Password of ${file}: `), now);
	if (!key.ok) return refuse(`--sign ${file}: ${key.error.detail}`);
	return { signer: key.value.signer, name: preparer ?? key.value.certificate.subjectText, isSelfSigned: false, now };
}

async function readFindings(given: readonly string[]): Promise<string[]> {
	return await Promise.all(
		given.map(async (text) => {
			if (!text.startsWith('@')) return text;
			const bytes = await readSmallFile('--finding', text.slice(1), MAX_FINDING_BYTES);
			return fromUtf8(bytes) ?? refuse(`--finding ${text} is no UTF-8 text. Save it as plain text in UTF-8.`);
		}),
	);
}

function describeMade(context: CommandContext, { result }: AuditedDrop, made: MadePack, out: string, { name }: Signing): string {
	const { report } = made;
	const exceptions = result.tests.reduce((sum, test) => sum + test.exceptions.length, 0);
	if (flagOption(context.options, 'json')) {
		const summary = {
			pack: out,
			pack_id: made.packId,
			pages: made.pages,
			bytes: made.signed.length,
			attachments: made.attachments,
			exceptions,
			check: report,
		};
		return `${JSON.stringify(summary, null, '\t')}\n`;
	}
	const lines = [
		`Pack           ${out}`,
		`Pack id        ${made.packId}`,
		`Signed by      ${name}`,
		`Contents       ${count(made.pages, 'page')}, ${count(made.attachments, 'embedded file')}, ${count(made.signed.length, 'byte')}`,
		`Exceptions     ${exceptions.toLocaleString('en-US')} in ${count(result.tests.filter(({ verdict }) => verdict === 'exception').length, 'test')} of ${result.tests.length}`,
		`Checked again  ${report.verdict}: ${report.files.matching} of ${report.files.declared} files, ${report.proofs.checked} proofs, ${report.proofs.failed} failed`,
		...report.codes.map(({ code, detail }) => `  ${code}: ${CHECK_CODES[code].sentence} ${detail}`),
	];
	return `${lines.join('\n')}\n`;
}
