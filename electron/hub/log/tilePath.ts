/** Paths of the C2SP tlog-tiles layout: `tile/<level>/<N>[.p/<W>]` and `tile/entries/<N>[.p/<W>]`, N in groups of three digits (`x001/x234/067`). */
export const TILE_WIDTH = 256;

/** A level of hashes (0 is the leaves'), or the entries themselves. */
export type TileKind = number | 'entries';

export interface TileName {
	readonly kind: TileKind;
	readonly index: number;
	/** Hashes or entries in it, 1 to 256. */
	readonly width: number;
}

export function tilePath(kind: TileKind, index: number): string {
	const digits = String(index);
	const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
	return `tile/${kind}/${groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join('/')}`;
}

const PATH = /^tile\/(entries|[0-9]|[1-5][0-9]|6[0-3])\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** Null for whatever is not exactly such a path. */
export function parseTilePath(path: string): TileName | null {
	const [, kindText, indexText, widthText] = PATH.exec(path) ?? [];
	if (kindText === undefined || indexText === undefined) return null;
	const kind = kindText === 'entries' ? kindText : Number(kindText);
	const index = Number(indexText.replace(/[x/]/g, ''));
	const width = widthText === undefined ? TILE_WIDTH : Number(widthText);
	if (!Number.isSafeInteger(index) || width > TILE_WIDTH || (widthText !== undefined && width === TILE_WIDTH)) return null;
	const full = tilePath(kind, index);
	// One name a tile: no leading groups of zeros.
	return path === (widthText === undefined ? full : `${full}.p/${width}`) ? { kind, index, width } : null;
}
