import { FileCheck2 } from 'lucide-react';
import type { ScreenDefinition } from '../../app/screen.ts';
import { Packs } from './Packs.tsx';

export const packsScreen: ScreenDefinition = {
	id: 'packs',
	title: 'Packs',
	group: 'deliver',
	icon: FileCheck2,
	goKey: 'k',
	Component: Packs,
	help: {
		purpose:
			'Makes one signed PDF of what was found, with the data and proofs in it, so that anybody can check it without trusting this workstation; and checks any pack.',
		steps: [
			'Select: which findings, which fields are withheld, whose name stands on it.',
			'Check: each check by itself, with the next step; what blocks must be mended first. Look at the pages: only those that were shown are signed.',
			'Sign: with a key file (.p12), or with a key made for this one pack, which proves “unchanged since”, never “by whom”.',
			'The signature is put on record with the file’s hash; then the file is written, read back and verified, and what the verifier says is recorded as it is. Where that breaks off, the pack stands under “Made here” as not completed until its file is checked.',
			'Check a pack: open any PDF; every objection has a code and a sentence. A reader’s “signature valid” is not enough.',
		],
		method: [
			{
				text: 'Documentation lets an experienced auditor understand what was done, on what, and what it showed',
				source: 'AS 1215.06, ISA 230.8',
			},
			{
				text: 'The preparer’s signature certifies; a reviewer’s is appended and may change nothing else',
				source: 'ISO 32000-2 §12.8.4 (DocMDP P=2)',
			},
			{ text: 'Signatures are CAdES in PDF', source: 'ETSI EN 319 142-1' },
			{ text: 'Lines are proven to stand in the log by inclusion proofs against its checkpoints', source: 'RFC 6962 §2.1.1' },
		],
	},
};
