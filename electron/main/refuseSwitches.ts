/** The very first thing that runs: a program that was started with its walls down does not start. */
import { IS_E2E } from './flags.ts';
import { note } from './log.ts';
import { forbiddenSwitch } from './policy.ts';

const EXIT_CONFIG = 78;

if (!IS_E2E) {
	const found = forbiddenSwitch(process.argv.slice(1));
	if (found !== null) {
		note(`the switch --${found} weakens the program's protection and is refused. Start it without.`);
		process.exit(EXIT_CONFIG);
	}
}
