import { Settings as SettingsIcon } from 'lucide-react';
import type { ScreenDefinition } from '../../app/screen.ts';
import { Settings } from './Settings.tsx';

export const settingsScreen: ScreenDefinition = {
	id: 'settings',
	title: 'Settings',
	group: 'system',
	icon: SettingsIcon,
	goKey: 's',
	Component: Settings,
	help: {
		purpose: 'The engagement, its members and their roles, your passphrase, backups, and how this window behaves.',
		steps: [
			'Members: each has an own passphrase and an own signing key; the partner adds them and gives roles.',
			'Controls: what was set for this engagement, beside its default, with who set it, when and why.',
			'Backup writes one encrypted file. Restoring never overwrites: it stands beside what is there. Who only reads takes none out.',
			'Dispose destroys the keys and the stored data of the engagement and gives a certificate.',
		],
		method: [
			{ text: 'Passphrase → Argon2id → key that unwraps the engagement’s random key', source: 'RFC 9106' },
			{ text: 'Every stored document is sealed with AES-256-GCM, bound to its place', source: 'NIST SP 800-38D' },
			{ text: 'Documentation is kept for seven years from the report release date', source: 'AS 1215.14' },
		],
	},
};
