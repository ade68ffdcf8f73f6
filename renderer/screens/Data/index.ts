import { FolderInput } from 'lucide-react';
import type { ScreenDefinition } from '../../app/screen.ts';
import { Data } from './Data.tsx';

export const dataScreen: ScreenDefinition = {
	id: 'data',
	title: 'Data & IPE',
	group: 'prepare',
	icon: FolderInput,
	goKey: 'd',
	Component: Data,
	help: {
		purpose:
			'Brings the company’s records in and says what they are worth: whether each table is as complete and accurate as its producer declared it.',
		steps: [
			'Import a drop: a folder or ZIP with manifest.json, as the company handed it over. Nothing outside it is read.',
			'Paste the log’s verifier key as you were given it from outside the drop; without one integrity stays “not verifiable”.',
			'Look at every table that is not “as declared”: which number differs, declared and found.',
			'Look at the quarantine: each line that could not be read, by file, line and reason. Nothing is dropped in silence.',
			'Ask the company about missing, altered and uncited documents.',
		],
		method: [
			{
				text: 'Information produced by the company is tested for accuracy and completeness, or the controls over it are',
				source: 'AS 1105.10, ISA 500.9',
			},
			{ text: 'Its reliability depends on its nature, its source and the circumstances under which it is obtained', source: 'AS 1105.08' },
			{ text: 'Hashes are SHA-256 over the bytes as handed over; one byte more or less is another hash', source: 'FIPS 180-4' },
			{ text: 'A log is verified against signed checkpoints of a Merkle tree', source: 'RFC 6962 §2.1, C2SP tlog-checkpoint' },
		],
	},
};
