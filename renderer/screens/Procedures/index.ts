import { ListChecks } from 'lucide-react';
import type { ScreenDefinition } from '../../app/screen.ts';
import { Procedures } from './Procedures.tsx';

export const proceduresScreen: ScreenDefinition = {
	id: 'procedures',
	title: 'Procedures',
	group: 'test',
	icon: ListChecks,
	goKey: 'p',
	Component: Procedures,
	help: {
		purpose:
			'The catalogue of audit tests, each over every row of the population: run, read the verdict and its reason, change parameters with a reason.',
		steps: [
			'R runs the whole catalogue; Space ticks tests and “Run selected” runs those; Enter runs the one in front.',
			'Passed, Exception, Incomplete and Not testable are four different answers. Not testable never means passed.',
			'Read the rule in words beside the list; its numbers are the parameters of this engagement.',
			'Change a parameter only with a reason: both are on record, printed in packs, and part of the result’s hash.',
			'Enter on an exception opens it in Exceptions; O opens its order.',
			'Sign the procedure as prepared, have it reviewed; Δ shows what changed since.',
		],
		method: [
			{ text: 'Tests cover every item, so no sample is drawn and no sampling risk arises', source: 'AS 1105.23, ISA 500.A64' },
			{
				text: 'Each result carries the hash of the population it was run on and of itself; equal inputs give equal hashes',
				source: 'FIPS 180-4, RFC 8785',
			},
			{ text: 'A change of parameters is documented with who, when and why', source: 'AS 1215.06, ISA 230.8' },
			{ text: 'Journals are tested for risks of management override', source: 'AS 2401.61, ISA 240.33' },
		],
	},
};
