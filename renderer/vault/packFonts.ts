/** The fonts packs are written with, out of the window's own bundle. */
import { FACES, type FaceId, FONT_FILES, type FontFiles } from '#pack';
import { VaultFailure } from './vaultError.ts';

/** Files of the bundle's `/fonts/`: `<face>.ttf`, and `fonts.json` with their hashes by face. */
export interface FontPort {
	read(file: string): Promise<Uint8Array<ArrayBuffer>>;
}

export const bundledFonts: FontPort = {
	async read(file) {
		const response = await fetch(`/fonts/${file}`).catch(() => null);
		if (!response?.ok)
			throw new VaultFailure(
				'storage_failed',
				`The font ${file} of this program can’t be read, so no pack can be written. Install it again.`,
			);
		return new Uint8Array(await response.arrayBuffer());
	},
};

/** By the names that a pack's manifest lists. */
export async function fontHashes(port: FontPort): Promise<Readonly<Record<string, string>>> {
	const byFace = JSON.parse(new TextDecoder().decode(await port.read('fonts.json'))) as Readonly<Record<FaceId, string>>;
	return Object.fromEntries(FACES.map((face) => [FONT_FILES[face], byFace[face]]));
}

/** Faces nearly every pack needs; the others are megabytes, and most packs have no such letter. */
const USUAL: readonly FaceId[] = ['regular', 'semibold', 'mono', 'symbols'];

class FaceMissing extends Error {
	readonly face: FaceId;

	constructor(face: FaceId) {
		super(face);
		this.face = face;
	}
}

/** Renders with the usual faces; where a character needs another, that one is read and the rendering begins anew. */
export async function withFonts<T>(port: FontPort, render: (fonts: FontFiles) => Promise<T>): Promise<T> {
	const loaded = new Map<FaceId, Uint8Array>();
	for (const face of USUAL) loaded.set(face, await port.read(`${face}.ttf`));
	for (;;) {
		try {
			return await render(fontFiles(loaded));
		} catch (error) {
			if (!(error instanceof FaceMissing)) throw error;
			loaded.set(error.face, await port.read(`${error.face}.ttf`));
		}
	}
}

function fontFiles(loaded: ReadonlyMap<FaceId, Uint8Array>): FontFiles {
	const files = {} as Record<FaceId, Uint8Array>;
	for (const face of FACES)
		Object.defineProperty(files, face, {
			enumerable: true,
			get() {
				const bytes = loaded.get(face);
				if (!bytes) throw new FaceMissing(face);
				return bytes;
			},
		});
	return files;
}
