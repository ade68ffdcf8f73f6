/** What may stand on the command line: every command's operands and options, parsed strictly. */
import { parseArgs } from 'node:util';
import { refuse } from './exit.ts';

interface OptionSpec {
	readonly type: 'string' | 'boolean';
	readonly value?: string;
	readonly doc: string;
	readonly multiple?: boolean;
}

export interface CommandSpec {
	readonly name: string;
	readonly operand: string;
	readonly does: string;
	readonly options: Readonly<Record<string, OptionSpec>>;
}

const KEY: OptionSpec = {
	type: 'string',
	value: 'VKEY',
	doc: "the log's public key, from outside the drop; without it the log is not verifiable",
};
const JSON_OUTPUT: OptionSpec = { type: 'boolean', doc: 'write the result as JSON' };

export const COMMANDS: readonly CommandSpec[] = [
	{
		name: 'sample',
		operand: 'DIR',
		does: 'write the evidence drop of a made-up company, with answers.json of what was planted',
		options: {
			orders: { type: 'string', value: 'N', doc: 'number of orders (default 2000)' },
			seed: { type: 'string', value: 'S', doc: 'seed; the same seed gives the same bytes (default 1)' },
			anomalies: { type: 'string', value: 'none|all', doc: 'plant nothing, or at least two of every test (default none)' },
		},
	},
	{
		name: 'verify',
		operand: 'DROP',
		does: 'verify a drop: hashes, order chains, log, checkpoints, documents',
		options: { key: KEY, json: JSON_OUTPUT, out: { type: 'string', value: 'FILE', doc: 'write the result to a file' } },
	},
	{
		name: 'audit',
		operand: 'DROP',
		does: 'verify a drop and run the audit tests over all of it',
		options: {
			key: KEY,
			tests: { type: 'string', value: 'T01,T16…', doc: 'only these tests; `list` prints the catalogue' },
			params: { type: 'string', value: 'FILE', doc: 'parameters as JSON: {"T01":{"grace_days":3}}' },
			json: JSON_OUTPUT,
			out: { type: 'string', value: 'FILE', doc: 'write the result to a file' },
		},
	},
	{
		name: 'pack',
		operand: 'DROP',
		does: 'audit a drop and write the signed PDF audit pack',
		options: {
			sign: {
				type: 'string',
				value: 'FILE.p12',
				doc: "the signer's PKCS#12; password from TIEOUT_P12_PASSWORD or a prompt; left out: a self-signed key is made",
			},
			key: KEY,
			tests: { type: 'string', value: 'T01,T16…', doc: 'only these tests' },
			params: { type: 'string', value: 'FILE', doc: 'parameters as JSON' },
			finding: { type: 'string', value: 'TEXT', doc: 'a finding to print, or @FILE to read it from; may be repeated', multiple: true },
			redact: {
				type: 'string',
				value: 'FIELD',
				doc: 'withhold a field from the pack, in all tables or in one (customer.name); may be repeated',
				multiple: true,
			},
			preparer: { type: 'string', value: 'NAME', doc: 'who prepared the pack (default: the subject of the certificate)' },
			organisation: { type: 'string', value: 'NAME', doc: 'the audit firm printed on the cover' },
			out: { type: 'string', value: 'FILE.pdf', doc: 'where the pack goes (required)' },
			json: JSON_OUTPUT,
		},
	},
	{
		name: 'check',
		operand: 'PACK.pdf',
		does: "verify somebody's pack: signatures, coverage, every embedded file, every proof",
		options: {
			ca: { type: 'string', value: 'FILE', doc: 'certificates (PEM or DER) the signer must chain to; without it the signer is not judged' },
			key: KEY,
			replay: { type: 'boolean', doc: 'run its tests again on its embedded data and compare the result hashes' },
			json: JSON_OUTPUT,
			out: { type: 'string', value: 'FILE', doc: 'write the result to a file' },
		},
	},
];

/** Commands of the specification that need rooms this version does not have. */
export const NOT_YET_COMMANDS: Readonly<Record<string, string>> = {
	import: 'the encrypted store comes with the workstation; use `audit` or `pack` on the drop itself',
};

export type OptionValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export interface CommandLine {
	readonly command: CommandSpec;
	readonly operand: string;
	readonly options: OptionValues;
}

/** Parses what follows the command's name. Anything not foreseen is refused with what would have been right. */
export function parseCommand(command: CommandSpec, args: readonly string[]): CommandLine {
	let parsed: ReturnType<typeof parse>;
	try {
		parsed = parse(command, args);
	} catch (error) {
		const [what = ''] = (error instanceof Error ? error.message : String(error)).split(/[.\n]\s/);
		return refuse(`${what}. See \`tieout ${command.name} --help\`.`);
	}
	const twice = givenTwice(command, parsed.tokens);
	// The last one would win: a key or a test that was asked for would be left out without a word.
	if (twice) return refuse(`--${twice} stands twice; it is taken once. See \`tieout ${command.name} --help\`.`);
	if (parsed.positionals.length !== 1 || parsed.positionals[0] === '') {
		return refuse(
			`\`tieout ${command.name}\` takes exactly one ${command.operand}, not ${parsed.positionals.length}. See \`tieout ${command.name} --help\`.`,
		);
	}
	return { command, operand: parsed.positionals[0] as string, options: parsed.values as OptionValues };
}

function parse(command: CommandSpec, args: readonly string[]) {
	const options = Object.fromEntries(
		Object.entries(command.options).map(([name, { type, multiple = false }]) => [name, { type, multiple }] as const),
	);
	return parseArgs({ args: [...args], options, allowPositionals: true, strict: true, tokens: true });
}

/** The first option that takes one value and was given several. */
function givenTwice(command: CommandSpec, tokens: ReturnType<typeof parse>['tokens']): string | null {
	const seen = new Set<string>();
	for (const token of tokens) {
		if (token.kind !== 'option') continue;
		const option = command.options[token.name];
		if (option?.type !== 'string' || option.multiple) continue;
		if (seen.has(token.name)) return token.name;
		seen.add(token.name);
	}
	return null;
}

export const textOption = (options: OptionValues, name: string): string | null => {
	const value = options[name];
	return typeof value === 'string' ? value : null;
};

export const flagOption = (options: OptionValues, name: string): boolean => options[name] === true;

export const listOption = (options: OptionValues, name: string): readonly string[] => {
	const value = options[name];
	return Array.isArray(value) ? value : [];
};

/** A whole number option within bounds, or its default. */
export function countOption(options: OptionValues, name: string, fallback: number, min: number, max: number): number {
	const text = textOption(options, name);
	if (text === null) return fallback;
	const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
	if (!(value >= min && value <= max)) refuse(`--${name} is "${text}"; expected a whole number from ${min} to ${max}.`);
	return value;
}

export function describeCommands(): string {
	const rows = COMMANDS.map(({ name, operand, does }) => `  ${`${name} ${operand}`.padEnd(16)} ${does}`);
	return [
		'Tieout: verify, test and sign the evidence of an order-to-revenue audit, offline.',
		'',
		'Usage: tieout COMMAND …',
		...rows,
		`  ${'hub …'.padEnd(16)} run the companion hub beside a company's systems: seals its events, serves auditors`,
		'',
		'`tieout COMMAND --help` lists its options. DROP is a folder or a ZIP.',
		'Exit status: 0 nothing adverse · 1 exceptions or a failed verification · 2 wrong use or unreadable input · 3 a fault of ours.',
	].join('\n');
}

export function describeCommand({ name, operand, does, options }: CommandSpec): string {
	const rows = Object.entries(options).map(([option, { value, doc }]) => `  ${`--${option}${value ? ` ${value}` : ''}`.padEnd(24)} ${doc}`);
	return [`tieout ${name} ${operand}: ${does}.`, '', ...rows].join('\n');
}
