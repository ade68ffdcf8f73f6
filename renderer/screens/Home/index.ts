import { House } from 'lucide-react';
import type { ScreenDefinition } from '../../app/screen.ts';
import { Home } from './Home.tsx';

export const homeScreen: ScreenDefinition = {
	id: 'home',
	title: 'Home',
	group: 'prepare',
	icon: House,
	goKey: 'h',
	Component: Home,
	help: {
		purpose: 'What is open in this engagement, what changed since you signed, and how much time is left.',
		steps: [
			'Take the lines from the top: evidence, verification, tests, triage, findings, pack.',
			'A line leads to the screen where its work is done; Enter opens it.',
			'“Changed since sign-off” lists whatever was edited after somebody signed it.',
		],
		method: [
			{
				text: 'A complete and final set of audit documentation is assembled within 14 days of the report release date',
				source: 'AS 1215.15',
			},
			{ text: 'Work is reviewed by somebody who did not prepare it', source: 'AS 1201.05, ISA 220.34' },
		],
	},
};
