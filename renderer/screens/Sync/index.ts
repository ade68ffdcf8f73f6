import { RefreshCw } from 'lucide-react';
import type { ScreenDefinition } from '../../app/screen.ts';
import { Sync } from './Sync.tsx';

export const syncScreen: ScreenDefinition = {
	id: 'sync',
	title: 'Sync',
	group: 'system',
	icon: RefreshCw,
	goKey: 'y',
	Component: Sync,
	help: {
		purpose:
			'Brings evidence in from the company’s hub and work papers to and from colleagues. Nothing here is needed to work: being offline is the normal state.',
		steps: [
			'Connection: enter the hub’s address and access token, compare the fingerprint with the one the company gave you on paper, and pin it.',
			'Sync now (Ctrl+Shift+Y) brings a whole publication: it is verified before a row of it counts, and the pins move with it.',
			'To send: acts that nobody else has yet. They go to the hub, or by an exchange file on a stick.',
			'Needs you: where two members changed the same, choose a side or write anew; acts that were refused are done again or dismissed.',
			'A pull that breaks off is gone on with: what came is kept apart, is no evidence before all of it was verified, and is not asked for again.',
			'A hub that contradicts what was seen before is not believed: nothing of it is taken, and what speaks against it is kept.',
			'Two signed histories of one log: save the proof for the company, and let a partner settle which is believed. Until then nothing is brought in.',
			'Feeds: how far each source is, how late, what could not be taken, and the revenue that hangs on it. Alt+1 to Alt+4 change the face.',
		],
		method: [
			{ text: 'A head moves only with a proof that it continues the one seen before', source: 'RFC 9162 §2.1.4' },
			{ text: 'Signed heads and their witnesses', source: 'C2SP tlog-checkpoint, tlog-cosignature' },
			{ text: 'Evidence from the company’s own systems: its reliability is tested, not assumed', source: 'AS 1105.08–.10' },
			{ text: 'One event from hop to hop', source: 'W3C Trace Context' },
		],
	},
};
