/** Secrets come from the environment or a prompt that does not echo; never from an argument, which other people on the machine can read. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { refuse } from './exit.ts';

/** The secret named by an environment variable, or asked for on the terminal. */
export async function readSecret(variable: string, question: string): Promise<string> {
	const given = process.env[variable];
	if (given !== undefined) return given;
	if (!process.stdin.isTTY || !process.stderr.isTTY) return refuse(`set ${variable}: there is no terminal to ask for it on.`);
	process.stderr.write(question);
	const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
	const line = createInterface({ input: process.stdin, output: silent, terminal: true });
	const answer = await new Promise<string>((resolve) => line.question('', resolve));
	line.close();
	process.stderr.write('\n');
	return answer;
}
