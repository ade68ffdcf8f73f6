/** Progress on stderr: a bar on a terminal, a line every five seconds otherwise, with rate and time left. Results never go here. */

const LINE_EVERY_MS = 5000;
const BAR_EVERY_MS = 100;
const BAR_WIDTH = 24;

export interface Progress {
	/** Says how far a phase has come; `unit` names what `done` and `total` count ("bytes", "orders"). */
	report(phase: string, done: number, total: number, unit: string): void;
	/** Ends the current phase's line, so that what follows starts on a fresh one. */
	end(): void;
}

/** The only clock of the command line: for rates shown to a person, never for a result. */
export interface ProgressTerminal {
	readonly isTerminal: boolean;
	write(text: string): void;
	now(): number;
}

export function progressOn(terminal: ProgressTerminal): Progress {
	const { isTerminal } = terminal;
	let phase: string | null = null;
	let startedAt = 0;
	let doneAtStart = 0;
	// Lines keep their distance over phases: thirty short phases are worth a line every five seconds, neither thirty nor none.
	let shownAt: number | null = null;
	let hasOpenLine = false;
	const end = (): void => {
		if (hasOpenLine) terminal.write('\n');
		hasOpenLine = false;
	};
	return {
		report(name, done, total, unit) {
			const now = terminal.now();
			const isNew = name !== phase;
			if (isNew) {
				end();
				phase = name;
				startedAt = now;
				doneAtStart = done;
			}
			shownAt ??= now;
			const isDue = now - shownAt >= (isTerminal ? BAR_EVERY_MS : LINE_EVERY_MS);
			const isLast = total > 0 && done >= total;
			if (!isDue && !(isTerminal && (isNew || isLast))) return;
			shownAt = now;
			const text = describeProgress(name, done, total, unit, { ms: now - startedAt, done: done - doneAtStart });
			if (isTerminal) {
				terminal.write(`\r\u001b[K${bar(done, total)} ${text}`);
				hasOpenLine = true;
			} else terminal.write(`${text}\n`);
		},
		end,
	};
}

/** Time gone by and what was done in it: work done before counts for no rate. */
interface Elapsed {
	readonly ms: number;
	readonly done: number;
}

/** "reading order_event: 45 % of 120.0 MB, 30.1 MB/s, 2 s left". */
function describeProgress(phase: string, done: number, total: number, unit: string, elapsed: Elapsed): string {
	const rate = elapsed.ms > 0 ? (elapsed.done / elapsed.ms) * 1000 : 0;
	const share = total > 0 ? `${Math.min(100, Math.floor((100 * done) / total))} % of ${amount(total, unit)}` : amount(done, unit);
	const left = rate > 0 && total > done && elapsed.ms > 1000 ? `, ${duration(Math.ceil((total - done) / rate))} left` : '';
	return `${phase}: ${share}${rate > 0 ? `, ${amount(rate, unit)}/s` : ''}${left}`;
}

const duration = (seconds: number): string =>
	seconds < 100 ? `${seconds} s` : seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;

function amount(count: number, unit: string): string {
	if (unit !== 'bytes') return `${Math.round(count).toLocaleString('en-US')} ${unit}`;
	return count >= 1e9 ? `${(count / 1e9).toFixed(1)} GB` : count >= 1e6 ? `${(count / 1e6).toFixed(1)} MB` : `${Math.ceil(count / 1e3)} kB`;
}

function bar(done: number, total: number): string {
	const filled = total > 0 ? Math.min(BAR_WIDTH, Math.floor((BAR_WIDTH * done) / total)) : 0;
	return `[${'█'.repeat(filled)}${'·'.repeat(BAR_WIDTH - filled)}]`;
}
