/** The log keys a person gives: from outside the drop, by --key. */
import { describeVerifierKeyError, parseVerifierKey, type VerifierKey } from '#evidence';
import { textOption } from './commandLine.ts';
import type { CommandContext } from './context.ts';
import { refuse } from './exit.ts';

export function trustedKeys({ options }: Pick<CommandContext, 'options'>): readonly VerifierKey[] {
	const text = textOption(options, 'key');
	if (text === null) return [];
	const key = parseVerifierKey(text.trim());
	if (!key.ok)
		refuse(
			`--key is no verifier key: ${describeVerifierKeyError(key.error)}. Expected <name>+<8 hex digits>+<base64>, as the log's owner publishes it.`,
		);
	return [key.value];
}
