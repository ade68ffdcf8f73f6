/** `tieout audit`: verify a drop and run the audit tests over all of it. */
import { type AuditTest, CATALOGUE, checkOverrides, type GivenOverrides, isAdverse, type Overrides, testById } from '#audit';
import type { AuditedDrop, DropSource } from '#intake';
import { fromUtf8 } from '#kernel';
import { auditDrop } from '../services/nodeIntake.ts';
import { openDrop } from '../services/openDrop.ts';
import { flagOption, textOption } from './commandLine.ts';
import { type CommandContext, checkTarget } from './context.ts';
import { describeAudit, describeCatalogue } from './describeAudit.ts';
import { EXIT, type ExitStatus, refuse, refuseDrop } from './exit.ts';
import { readSmallFile } from './smallFile.ts';
import { trustedKeys } from './trustedKeys.ts';

export async function auditCommand(context: CommandContext): Promise<ExitStatus> {
	if (textOption(context.options, 'tests') === 'list') {
		await context.write(describeCatalogue(CATALOGUE), null);
		return EXIT.done;
	}
	const out = textOption(context.options, 'out');
	await checkTarget(out);
	return await withAudit(context, async ({ result }) => {
		const text = flagOption(context.options, 'json') ? `${JSON.stringify(result, null, '\t')}\n` : describeAudit(result);
		await context.write(text, out);
		return isAdverse(result, trustedKeys(context).length > 0) ? EXIT.adverse : EXIT.done;
	});
}

/** Opens and audits the drop, hands both to `use`, and closes it; refuses with one line what can't be read. */
export async function withAudit(
	context: CommandContext,
	use: (audited: AuditedDrop, source: DropSource) => Promise<ExitStatus>,
): Promise<ExitStatus> {
	const tests = chosenTests(textOption(context.options, 'tests'));
	const overrides = await overridesOf(textOption(context.options, 'params'));
	const keys = trustedKeys(context);
	const opened = await openDrop(context.operand);
	if (!opened.ok) return refuseDrop(context.operand, opened.error);
	try {
		const audited = await auditDrop(opened.value, {
			trustedKeys: keys,
			tests,
			overrides,
			signal: context.signal,
			onProgress: (...progress) => context.progress.report(...progress),
		});
		context.progress.end();
		if (!audited.ok) return refuseDrop(context.operand, audited.error);
		for (const notice of audited.value.drop.notices) context.say(`note: ${notice}`);
		if (keys.length === 0) context.say('note: no --key was given, so the logs are not verifiable: nothing says who signed them.');
		return await use(audited.value, opened.value);
	} finally {
		await opened.value.close();
	}
}

function chosenTests(list: string | null): readonly AuditTest[] {
	if (list === null) return CATALOGUE;
	const ids = new Set(list.split(',').map((id) => id.trim().toUpperCase()));
	for (const id of ids) if (!testById(id)) refuse(`--tests: there is no test "${id}"; \`tieout audit --tests list\` prints the catalogue.`);
	return CATALOGUE.filter((test) => ids.has(test.id));
}

const MAX_PARAMS_BYTES = 1 << 20;

async function overridesOf(path: string | null): Promise<Overrides> {
	if (path === null) return {};
	const bytes = await readSmallFile('--params', path, MAX_PARAMS_BYTES);
	const given = parseOverrides(bytes);
	if (given === null) return refuse(`--params ${path} is not JSON of the form {"T01":{"grace_days":3}}.`);
	const read = checkOverrides(given, CATALOGUE);
	return read.ok ? read.value : refuse(`--params ${path}: ${read.error.detail}.`);
}

function parseOverrides(bytes: Uint8Array): GivenOverrides | null {
	try {
		const value: unknown = JSON.parse(fromUtf8(bytes) ?? '');
		const isRecord = (one: unknown): one is Record<string, unknown> => typeof one === 'object' && one !== null && !Array.isArray(one);
		return isRecord(value) && Object.values(value).every(isRecord) ? (value as GivenOverrides) : null;
	} catch {
		return null;
	}
}
