/** `tieout check`: verify somebody's pack, trusting nothing in it. */
import { readFile, stat } from 'node:fs/promises';
import {
	type CheckOptions,
	type CheckReport,
	checkPackEvidence,
	inspectPack,
	type WithheldLines,
	withheldLines,
	worstVerdict,
} from '#pack';
import { nodeVerifyPorts } from '../services/checkPorts.ts';
import { type ReplayReport, replayPack } from '../services/replayPack.ts';
import { parseTrustFile } from '../services/trustFile.ts';
import { flagOption, textOption } from './commandLine.ts';
import { type CommandContext, checkTarget, stopIfCancelled } from './context.ts';
import { count } from './describeAudit.ts';
import { EXIT, type ExitStatus, refuse } from './exit.ts';
import { readSmallFile } from './smallFile.ts';
import { trustedKeys } from './trustedKeys.ts';

/** Node reads no larger file into one buffer; a pack is far smaller. */
const MAX_PACK_BYTES = 2 ** 31 - 1;

const MAX_TRUST_FILE_BYTES = 64 * 1024 * 1024;

type Report = Omit<CheckReport, 'replay'> & { readonly replay: ReplayReport | null };

export async function checkCommand(context: CommandContext): Promise<ExitStatus> {
	const out = textOption(context.options, 'out');
	await checkTarget(out);
	const keys = trustedKeys(context);
	const trust = await readTrust(textOption(context.options, 'ca'));
	const bytes = await readPack(context.operand);
	const outcome = await inspectPack(bytes, {
		ports: nodeVerifyPorts,
		...trust,
		checkEvidence: (files, manifest) => checkPackEvidence(files, manifest, keys),
	});
	await stopIfCancelled(context.signal);
	const report = flagOption(context.options, 'replay') ? await withReplay(context, outcome) : outcome.report;
	const text = flagOption(context.options, 'json')
		? `${JSON.stringify(report, null, '\t')}\n`
		: describeReport(report, withheldLines(outcome.files));
	await context.write(text, out);
	return report.verdict === 'VALID' ? EXIT.done : EXIT.adverse;
}

async function withReplay(context: CommandContext, { report, files, manifest }: Awaited<ReturnType<typeof inspectPack>>): Promise<Report> {
	if (!manifest) return report;
	const { replay, codes } = await replayPack(files, manifest, {
		signal: context.signal,
		onProgress: (...progress) => context.progress.report(...progress),
	});
	context.progress.end();
	const all = [...report.codes, ...codes];
	return { ...report, codes: all, verdict: worstVerdict(all), replay };
}

async function readPack(path: string): Promise<Uint8Array> {
	const found = await stat(path).catch((error: NodeJS.ErrnoException) => refuse(`${path} can't be read (${error.code}). Check the path.`));
	if (!found.isFile()) refuse(`${path} is no file. Give the PDF of an audit pack.`);
	if (found.size > MAX_PACK_BYTES)
		refuse(`${path} has ${found.size} bytes, at most ${MAX_PACK_BYTES} are read. Check that it is an audit pack.`);
	return readFile(path).catch((error: NodeJS.ErrnoException) => refuse(`${path} can't be read (${error.code}). Check its permissions.`));
}

async function readTrust(path: string | null): Promise<Pick<CheckOptions, 'caRoots' | 'revocations'>> {
	if (path === null) return {};
	const bytes = await readSmallFile('--ca', path, MAX_TRUST_FILE_BYTES);
	const parsed = parseTrustFile(bytes);
	if (!parsed.ok) return refuse(`--ca ${path}: ${parsed.error}`);
	return { caRoots: parsed.value.roots, revocations: parsed.value.revocations };
}

function describeReport(report: Report, withheld: WithheldLines): string {
	const lines = [
		`Verdict        ${report.verdict}`,
		`Signer trust   ${report.signer_trust.replace('_', ' ')}${report.signer_trust === 'not_judged' ? ' (give --ca)' : ''}`,
		`Log trust      ${report.log_trust.replace('_', ' ')}${report.log_trust === 'not_judged' ? ' (give --key)' : ''}`,
		...report.signatures.map(
			({ field, signer, time, time_is: kind, covers }) =>
				`Signed         ${field}: ${signer}, ${time ?? 'no time'} (${kind}), covers ${covers}`,
		),
		`Files          ${report.files.matching} of ${report.files.declared} as the manifest lists them`,
		`Proofs         ${report.proofs.checked} checked, ${report.proofs.failed} failed`,
		...(report.order_heads?.records ?? []).map(
			({ table, day, orders }) => `Complete       all ${table} rows of ${count(orders.length, 'order')}, as of ${day}`,
		),
		...[...withheld].map(([table, { fields, lines }]) => `Withheld       ${count(lines, 'line')} of ${table}, for ${fields.join(', ')}`),
		...(report.replay ? [`Replay         ${report.replay.matching} of ${report.replay.tests} results come out to the same hash`] : []),
		...report.codes.map(({ code, detail }) => `  ${code}: ${detail}`),
	];
	return `${lines.join('\n')}\n`;
}
