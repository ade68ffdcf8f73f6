/** The command line: the same engine as the window, headless. Results go to stdout or --out, progress and errors to stderr. */
import { auditCommand } from './auditCommand.ts';
import { checkCommand } from './checkCommand.ts';
import { COMMANDS, describeCommand, describeCommands, NOT_YET_COMMANDS, parseCommand } from './commandLine.ts';
import { type CommandContext, nodeContext } from './context.ts';
import { EXIT, type ExitStatus, Refusal } from './exit.ts';
import { hubCommand } from './hubCommand.ts';
import { packCommand } from './packCommand.ts';
import { sampleCommand } from './sampleCommand.ts';
import { verifyCommand } from './verifyCommand.ts';

const RUN: Readonly<Record<string, (context: CommandContext) => Promise<ExitStatus>>> = {
	sample: sampleCommand,
	verify: verifyCommand,
	audit: auditCommand,
	pack: packCommand,
	check: checkCommand,
};

async function main(args: readonly string[]): Promise<number> {
	const [name = '', ...rest] = args;
	if (name === '' || name === 'help' || name === '--help' || name === '-h') {
		process.stdout.write(`${describeCommands()}\n`);
		return name === '' ? EXIT.refused : EXIT.done;
	}
	if (name === 'hub') return await hubCommand(rest);
	const command = COMMANDS.find((candidate) => candidate.name === name);
	const run = RUN[name];
	if (!command || !run) {
		const reason = NOT_YET_COMMANDS[name];
		throw new Refusal(
			reason ? `\`tieout ${name}\` is not in this version: ${reason}.` : `there is no command "${name}". See \`tieout --help\`.`,
		);
	}
	if (rest.includes('--help') || rest.includes('-h')) {
		process.stdout.write(`${describeCommand(command)}\n`);
		return EXIT.done;
	}
	if (name === 'audit' && rest.length === 2 && rest[0] === '--tests' && rest[1] === 'list') rest.unshift('.');
	return await run(nodeContext(parseCommand(command, rest)));
}

/** One line, without a stack: errors are for the person who typed the command. */
const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' ').trim();

try {
	process.exitCode = await main(process.argv.slice(2));
} catch (error) {
	if (error instanceof Refusal) {
		process.stderr.write(`tieout: ${oneLine(error.message)}\n`);
		process.exitCode = EXIT.refused;
	} else {
		process.stderr.write(`tieout: internal fault: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
		process.exitCode = EXIT.fault;
	}
}
