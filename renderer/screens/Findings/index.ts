import { FileText } from 'lucide-react';
import type { ScreenDefinition } from '../../app/screen.ts';
import { Findings } from './Findings.tsx';

export const findingsScreen: ScreenDefinition = {
	id: 'findings',
	title: 'Findings',
	group: 'conclude',
	icon: FileText,
	goKey: 'f',
	Component: Findings,
	help: {
		purpose:
			'Findings: what was found, against what criteria, why, with what effect, on what evidence; prepared by one member and reviewed by another.',
		steps: [
			'Write a finding with N, or from an exception with F. Alt+1 to Alt+6 go through its six sections; text is saved as you type, each pause one act.',
			'A adds evidence: exceptions, lines of an order, documents of the drop, results of tests. Each is linked by hash.',
			'Ctrl+Shift+S signs: first Prepared (condition, criteria, effect and evidence are needed), then Reviewed, by another member. What blocks it is said beside the button.',
			'A sign-off stands on the hash of the content. A later change shows as Δ with what changed; it is never undone silently. A sign-off is withdrawn with a reason.',
			'A reviewer raises notes; those that block must be cleared before the review is signed. A partner issues what is reviewed and unchanged.',
		],
		method: [
			{ text: 'Elements of a finding: condition, criteria, cause and effect', source: 'GAGAS 6.25–.28, IIA Standard 14.3' },
			{ text: 'Review by another person, with who and when', source: 'AS 1215.06, ISA 230.9(c), ISA 220.34' },
			{ text: 'Changes after sign-off are documented, not overwritten', source: 'AS 1215.16' },
		],
	},
};
