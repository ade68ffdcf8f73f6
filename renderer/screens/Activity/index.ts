import { ScrollText } from 'lucide-react';
import type { ScreenDefinition } from '../../app/screen.ts';
import { Activity } from './Activity.tsx';

export const activityScreen: ScreenDefinition = {
	id: 'activity',
	title: 'Activity',
	group: 'system',
	icon: ScrollText,
	goKey: 'a',
	Component: Activity,
	help: {
		purpose:
			'Every act of the auditors themselves: who, when, what. Each is hashed over the one before and signed by the key of its member, so that none can be changed, taken out or put in without being seen.',
		steps: [
			'Narrow the log by member, by kind of act, or by words.',
			'Verify (V) checks every act: its place, its link, its hash and its signature. The column says what was found.',
			'Enter opens an act as it is hashed. Undone acts stay in the log, crossed out, with the act that undid them.',
			'The undo list (Alt+Z) shows what Ctrl+Z would take back, the next step first.',
			'Export writes what is filtered as CSV, with the head of the log.',
			'Whatever is taken out stands here once its file is written: lists, copied rows, bundles, backups, packs.',
		],
		method: [
			{ text: 'Documentation shows who did the work and when, and who reviewed it and when', source: 'AS 1215.06, ISA 230.9' },
			{ text: 'Nothing is deleted; what is added later says when, by whom and why', source: 'AS 1215.16, ISA 230.14–.16' },
			{ text: 'Hash chain: SHA-256 over canonical JSON (RFC 8785); signatures: Ed25519', source: 'RFC 8785, RFC 8032' },
		],
	},
};
