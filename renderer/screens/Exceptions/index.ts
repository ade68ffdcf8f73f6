import { Inbox } from 'lucide-react';
import type { ScreenDefinition } from '../../app/screen.ts';
import { Exceptions } from './Exceptions.tsx';

export const exceptionsScreen: ScreenDefinition = {
	id: 'exceptions',
	title: 'Exceptions',
	group: 'conclude',
	icon: Inbox,
	goKey: 'e',
	Component: Exceptions,
	help: {
		purpose:
			'Every exception of the last run, worst first, to be judged one by one or all that match a condition. No exception is dropped.',
		steps: [
			'Stand on the list and walk it with J and K. The panel says why the row was flagged: the rule, its parameters, the cited rows with their hashes.',
			'Judge by key: 1 confirmed, 2 explained, 3 duplicate, 4 below trivial, H waiting for the client. N writes the note that 2 and 4 need, C the cause, Ctrl+D copies the last judgement.',
			'Enter saves and goes on, Shift+Enter saves and stays. Rows keep their places; R fetches the queue anew.',
			'B judges all that match the conditions, after a preview. Evidence of a signed finding is never touched.',
			'A click on a head sorts. Shift with arrows or a click selects rows, Ctrl+A all: the status bar adds them up by currency, Ctrl+C copies them. A verdict is of the row in hand alone.',
			'F starts a finding from the exception. Ctrl+Z takes the last step back, a bulk step as one.',
		],
		method: [
			{ text: 'Each deviation found is evaluated, and its cause and effect looked into', source: 'ISA 500.A10, AS 2315.41' },
			{ text: 'Misstatements are accumulated, other than those clearly trivial', source: 'AS 2810.10, ISA 450.5' },
			{ text: 'The whole population is tested, so that nothing is projected', source: 'AS 1105.22–.24' },
		],
	},
};
