/** Tells whoever started the program, on its standard output, that the window stands. One line of JSON each. */

const ANNOUNCEMENT = 'tieout-window ';

export interface Shown {
	readonly screen: string;
	readonly title: string;
	readonly orders: number | null;
}

export const announce = (what: { readonly painted: true } | { readonly shown: Shown }): void => {
	process.stdout.write(`${ANNOUNCEMENT}${JSON.stringify({ electron: process.versions.electron, ...what })}\n`);
};
