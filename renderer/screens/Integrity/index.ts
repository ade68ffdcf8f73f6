import { ShieldCheck } from 'lucide-react';
import type { ScreenDefinition } from '../../app/screen.ts';
import { Integrity } from './Integrity.tsx';

export const integrityScreen: ScreenDefinition = {
	id: 'integrity',
	title: 'Integrity',
	group: 'test',
	icon: ShieldCheck,
	goKey: 'i',
	Component: Integrity,
	help: {
		purpose:
			'Whether the records are complete and unaltered: each check by itself, with what it found, and in words what none of them can show.',
		steps: [
			'Read the coverage: every expected line is verified, altered, missing, out of order or not verifiable, and the five add up.',
			'Look at the checks that fail or could not be told; each stands alone. Problems name line and order.',
			'Stand on a problem: P proves the line, O opens its order, F begins a finding. V reads and verifies the stored bytes again.',
			'Without a key from outside the drop nothing is ever verified: add it under Data & IPE, Keys.',
			'Export a verifier bundle of an order (X): whoever gets the ZIP checks its lines with bash and OpenSSL, without this program.',
			'When a trusted key comes or goes, also by sync, nothing is verified until the stored bytes are verified again (V) and the tests have run again.',
			'Sign off on what you have read: over the manifest’s hash and the trusted keys. Other evidence or another key shows as Δ.',
			'The tamper lab attacks a copy in memory on purpose and reads it again: so you see what would be caught, and what would not.',
		],
		method: [
			{ text: 'Information produced by the entity is tested for accuracy and completeness', source: 'AS 1105.10, ISA 500.9' },
			{ text: 'Merkle tree, inclusion and consistency proofs', source: 'RFC 6962 2.1, RFC 9162 2.1.3–2.1.4' },
			{ text: 'Canonical form of records', source: 'RFC 8785' },
			{ text: 'Signed heads and offline proofs', source: 'C2SP tlog-checkpoint, signed-note, tlog-proof' },
		],
	},
};
