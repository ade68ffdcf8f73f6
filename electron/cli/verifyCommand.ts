/** `tieout verify`: the whole integrity verification of a drop, without the audit tests. */
import { isAdverse } from '#audit';
import { importOptions, resultOf } from '#intake';
import { importDrop } from '../services/nodeIntake.ts';
import { openDrop } from '../services/openDrop.ts';
import { flagOption, textOption } from './commandLine.ts';
import { type CommandContext, checkTarget } from './context.ts';
import { describeIntegrity } from './describeAudit.ts';
import { EXIT, type ExitStatus, refuseDrop } from './exit.ts';
import { trustedKeys } from './trustedKeys.ts';

export async function verifyCommand(context: CommandContext): Promise<ExitStatus> {
	const out = textOption(context.options, 'out');
	await checkTarget(out);
	const keys = trustedKeys(context);
	const opened = await openDrop(context.operand);
	if (!opened.ok) return refuseDrop(context.operand, opened.error);
	try {
		const options = importOptions({
			trustedKeys: keys,
			signal: context.signal,
			onProgress: (...progress) => context.progress.report(...progress),
		});
		const imported = await importDrop(opened.value, options);
		context.progress.end();
		if (!imported.ok) return refuseDrop(context.operand, imported.error);
		for (const notice of imported.value.notices) context.say(`note: ${notice}`);
		if (keys.length === 0) context.say('note: no --key was given, so the logs are not verifiable: nothing says who signed them.');
		const { tests: _, ...verification } = resultOf(imported.value, []);
		const text = flagOption(context.options, 'json')
			? `${JSON.stringify(verification, null, '\t')}\n`
			: `Drop ${verification.drop.drop_id}, data as of ${verification.drop.as_of}\n\n${describeIntegrity(verification).join('\n')}\n`;
		await context.write(text, out);
		return isAdverse({ ...verification, tests: [] }, keys.length > 0) ? EXIT.adverse : EXIT.done;
	} finally {
		await opened.value.close();
	}
}
