/**
 * Fuses: switches inside Electron's executable that no later argument, variable or file can turn back. Item 19 of Electron's security
 * checklist. Which of them an executable has depends on its version: they are only ever added at the end of its "fuse wire".
 */
import { FuseState, FuseV1Options, FuseVersion, flipFuses, getCurrentFuseWire } from '@electron/fuses';

/** Every fuse, in the wire's order: whether it stays on in a package, and what that means. */
const FUSES = {
	/** `ELECTRON_RUN_AS_NODE` would make the program a plain Node that runs anything under our name. */
	RunAsNode: false,
	/** Cookies are encrypted with a key of the operating system. The window sets none; this costs nothing. */
	EnableCookieEncryption: true,
	/** `NODE_OPTIONS` could load code before ours. */
	EnableNodeOptionsEnvironmentVariable: false,
	/** `--inspect` and SIGUSR1 would open a debugger before our code could refuse it. */
	EnableNodeCliInspectArguments: false,
	/** macOS and Windows check app.asar against the hash in the signed program. Linux does not; see electron/main/intact.ts. */
	EnableEmbeddedAsarIntegrityValidation: true,
	/** A folder `resources/app` beside the archive would otherwise be started in its stead. */
	OnlyLoadAppFromAsar: true,
	LoadBrowserProcessSpecificV8Snapshot: false,
	/** Since Electron 29. The window never uses file:. */
	GrantFileProtocolExtraPrivileges: false,
	/** Since Electron 45. Bounds of WebAssembly memory are checked by the processor: quicker, and no weaker. */
	WasmTrapHandlers: true,
} as const satisfies Record<keyof typeof FuseV1Options, boolean>;

type FuseName = keyof typeof FUSES;

const FUSE_NAMES = Object.keys(FUSES) as FuseName[];

/** From this version on every fuse above is there, and one that this file does not name stops the packaging. */
const ALL_FUSES_SINCE_MAJOR = 45;

/** What a package's executable must say, by the fuses it has. @param has the names found in the executable's wire */
const wantedFuses = (has: readonly FuseName[]): Partial<Record<FuseName, boolean>> =>
	Object.fromEntries(has.map((name) => [name, FUSES[name]]));

/** The fuses that an executable has, and whether each is on. @param executable path of the program, or of the .app on macOS */
export async function readFuses(executable: string): Promise<Partial<Record<FuseName, boolean>>> {
	const wire = await getCurrentFuseWire(executable);
	return Object.fromEntries(
		FUSE_NAMES.flatMap((name) => {
			const state = wire[FuseV1Options[name]];
			return state === FuseState.ENABLE || state === FuseState.DISABLE ? [[name, state === FuseState.ENABLE]] : [];
		}),
	);
}

/**
 * Sets every fuse the executable has, and reads them back.
 * @param isMac there the program must be signed anew, or it does not start
 * @returns the fuses of this file that the executable lacks. Throws where a fuse did not take, or a current Electron lacks one or has more.
 */
export async function setFuses(executable: string, electronMajor: number, isMac: boolean): Promise<readonly FuseName[]> {
	const present = Object.keys(await readFuses(executable)) as FuseName[];
	const lacking = FUSE_NAMES.filter((name) => !present.includes(name));
	const isCurrent = electronMajor >= ALL_FUSES_SINCE_MAJOR;
	if (isCurrent && lacking.length > 0) throw new Error(`this Electron ${electronMajor} lacks the fuses ${lacking.join(', ')}`);
	const base = { version: FuseVersion.V1, ...(isMac ? { resetAdHocDarwinSignature: true } : {}) } as const;
	const wanted = wantedFuses(present);
	const byIndex = Object.fromEntries(Object.entries(wanted).map(([name, isOn]) => [FuseV1Options[name as FuseName], isOn]));
	await flipFuses(executable, isCurrent ? { ...base, ...allByIndex(), strictlyRequireAllFuses: true } : { ...base, ...byIndex });
	const found = await readFuses(executable);
	const wrong = present.filter((name) => found[name] !== wanted[name]);
	if (wrong.length > 0) throw new Error(`these fuses did not take: ${wrong.join(', ')}`);
	return lacking;
}

const allByIndex = (): Record<FuseV1Options, boolean> =>
	Object.fromEntries(FUSE_NAMES.map((name) => [FuseV1Options[name], FUSES[name]])) as Record<FuseV1Options, boolean>;
