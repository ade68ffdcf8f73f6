/** The fonts of a pack, read from the installed packages when they are first needed. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { FACES, type FaceId, FONT_FILES, type FontFiles } from '#pack';

/** Folders of the packages they lie in. */
const FOLDERS: Readonly<Record<FaceId, string>> = {
	regular: '@expo-google-fonts/noto-sans/400Regular/',
	semibold: '@expo-google-fonts/noto-sans/600SemiBold/',
	mono: '@expo-google-fonts/noto-sans-mono/400Regular/',
	symbols: 'dejavu-fonts-ttf/ttf/',
	chinese: '@expo-google-fonts/noto-sans-sc/400Regular/',
	korean: '@expo-google-fonts/noto-sans-kr/400Regular/',
};

const { resolve } = createRequire(import.meta.url);

/** Font files by face; each is read on first use, since the CJK ones are large and rarely needed. */
export function packFonts(): FontFiles {
	const read = new Map<FaceId, Uint8Array>();
	const files = {} as Record<FaceId, Uint8Array>;
	for (const face of FACES) {
		Object.defineProperty(files, face, {
			enumerable: true,
			get() {
				const bytes = read.get(face) ?? readFileSync(resolve(`${FOLDERS[face]}${FONT_FILES[face]}`));
				read.set(face, bytes);
				return bytes;
			},
		});
	}
	return files;
}

/** SHA-256 of every face's file, for the manifest: whoever renders the pack again needs these very fonts. Reads all of them. */
export const packFontHashes = (): Readonly<Record<string, string>> =>
	Object.fromEntries(
		FACES.map((face) => [
			FONT_FILES[face],
			createHash('sha256')
				.update(readFileSync(resolve(`${FOLDERS[face]}${FONT_FILES[face]}`)))
				.digest('hex'),
		]),
	);
