/** The main process' own words, on its standard error. Never a secret, never a line of evidence. */

export function note(what: string, detail = ''): void {
	process.stderr.write(`tieout: ${what}${detail === '' ? '' : ` ${detail.slice(0, 300)}`}\n`);
}
