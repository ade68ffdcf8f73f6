/** How electron-builder makes packages: what goes in, which installers, and the hooks that put the walls up. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AfterPackContext, Configuration } from 'electron-builder';
import { ROOT } from './electronRuntime.ts';
import { setFuses } from './packageFuses.ts';

/** What may stand beside the archive: icons and languages that the platforms want there. Code may not. */
const LAWFUL_RESOURCES = /^(app\.asar|icon\.icns|[\w-]+\.lproj|app-update\.yml)$/;

const DESCRIPTION = 'Offline audit workstation for the order-to-revenue cycle';
const ICONS = join(ROOT, 'resources', 'icons');

export interface PackageInput {
	/** Folder of the built window. */
	readonly app: string;
	/** Folder of an unpacked Electron. */
	readonly electron: string;
	readonly electronVersion: string;
	/** Where packages go. */
	readonly out: string;
	/** True where it only serves tests: the name says so. */
	readonly isForTests: boolean;
}

/** @param say hears what is worth knowing, one line each */
export function builderConfig(
	{ app, electron, electronVersion, out, isForTests }: PackageInput,
	say: (line: string) => void,
): Configuration {
	const artifactName = `\${productName}-\${version}-\${os}-\${arch}${isForTests ? '-only-for-tests' : ''}.\${ext}`;
	return {
		appId: 'app.tieout.workstation',
		productName: 'Tieout',
		copyright: 'Apache-2.0',
		directories: { app, output: out, buildResources: ICONS },
		// Everything is bundled into the window's own files: no node_modules, nothing outside the archive.
		files: ['**/*', '!node_modules', '!*.sha256'],
		asar: true,
		// A Debian package must name a page and somebody; the names ending in .example belong to nobody.
		extraMetadata: {
			description: DESCRIPTION,
			author: { name: 'Tieout', email: 'maintainers@tieout.example' },
			homepage: 'https://tieout.example',
			license: 'Apache-2.0',
			desktopName: 'tieout.desktop',
		},
		npmRebuild: false,
		nodeGypRebuild: false,
		publish: null,
		artifactName,
		electronDist: electron,
		electronVersion,
		// Of the runtime's own words; the window's are its own.
		electronLanguages: ['en-US'],
		linux: {
			target: ['AppImage', 'deb'],
			icon: ICONS,
			executableName: 'tieout',
			category: 'Office',
			synopsis: DESCRIPTION,
			syncDesktopName: true,
		},
		win: { target: ['nsis'], icon: join(ICONS, 'icon.ico') },
		nsis: { oneClick: false, perMachine: true, deleteAppDataOnUninstall: false },
		mac: {
			target: ['dmg'],
			icon: join(ICONS, 'icon.icns'),
			category: 'public.app-category.finance',
			hardenedRuntime: true,
			gatekeeperAssess: false,
		},
		afterExtract: removeForeignPrograms,
		afterPack: (context) => putWallsUp(context, Number.parseInt(electronVersion, 10), say),
	};
}

const resourcesOf = ({ appOutDir, electronPlatformName, packager }: AfterPackContext, appName: string): string =>
	electronPlatformName === 'darwin' || electronPlatformName === 'mas'
		? join(appOutDir, `${appName}.app`, 'Contents', 'Resources')
		: packager.getResourcesDir(appOutDir);

/** An unpacked Electron may hold a program of its own, which opens whatever folder it is given. */
function removeForeignPrograms(context: AfterPackContext): Promise<void> {
	for (const name of ['app', 'default_app.asar']) rmSync(join(resourcesOf(context, 'Electron'), name), { recursive: true, force: true });
	return Promise.resolve();
}

async function putWallsUp(context: AfterPackContext, electronMajor: number, say: (line: string) => void): Promise<void> {
	const { appOutDir, electronPlatformName, packager } = context;
	const name = packager.appInfo.productFilename;
	const isMac = electronPlatformName === 'darwin';
	const program = isMac ? `${name}.app` : electronPlatformName === 'win32' ? `${name}.exe` : 'tieout';
	const lacking = await setFuses(join(appOutDir, program), electronMajor, isMac);
	if (lacking.length > 0) say(`This Electron is too old to have the fuses ${lacking.join(', ')}.`);
	const foreign = readdirSync(resourcesOf(context, name)).filter((file) => !LAWFUL_RESOURCES.test(file));
	if (foreign.length > 0) throw new Error(`the package holds what does not belong there: resources/${foreign.join(', resources/')}`);
}
