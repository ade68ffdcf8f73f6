/** The fonts of a pack, read from the installed packages when they are first needed. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { FaceId, FontFiles } from '#pack';

const PATHS: Readonly<Record<FaceId, string>> = {
	regular: '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
	semibold: '@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf',
	mono: '@expo-google-fonts/noto-sans-mono/400Regular/NotoSansMono_400Regular.ttf',
	symbols: 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
	chinese: '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
	korean: '@expo-google-fonts/noto-sans-kr/400Regular/NotoSansKR_400Regular.ttf',
};

const FACES = Object.keys(PATHS) as FaceId[];

const { resolve } = createRequire(import.meta.url);

/** Font files by face; each is read on first use, since the CJK ones are large and rarely needed. */
export function packFonts(): FontFiles {
	const read = new Map<FaceId, Uint8Array>();
	const files = {} as Record<FaceId, Uint8Array>;
	for (const face of FACES) {
		Object.defineProperty(files, face, {
			enumerable: true,
			get() {
				const bytes = read.get(face) ?? readFileSync(resolve(PATHS[face]));
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
			PATHS[face].slice(PATHS[face].lastIndexOf('/') + 1),
			createHash('sha256')
				.update(readFileSync(resolve(PATHS[face])))
				.digest('hex'),
		]),
	);
