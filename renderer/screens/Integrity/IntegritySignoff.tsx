/** Who signed off on integrity: over which manifest and which trusted keys, and whether either is another since. */
import { useState } from 'react';
import { useCommands } from '../../app/commands.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { SignDialog } from '../Findings/SignDialog.tsx';
import { SignoffStrip } from '../Findings/SignoffStrip.tsx';

/** Of the drop as a whole: what is signed are the manifest's hash and the keys that vouch for its logs. */
const TARGET = { kind: 'integrity', id: 'drop' } as const;

export function IntegritySignoff({ dropId }: { dropId: string }) {
	const query = useQuery((vault) => vault.findings.signoff(TARGET), [], ['workbook', 'evidence']);
	const [isSigning, setSigning] = useState(false);
	useCommands(
		() => [{ id: 'integrity.sign', title: 'Sign off on integrity', group: 'Integrity', keys: '$mod+Shift+s', run: () => setSigning(true) }],
		[],
	);
	const subject = `integrity of ${dropId}`;
	return (
		<Ask query={query} lines={1}>
			{(view) => (
				<>
					<SignoffStrip view={view} subject={subject} onSign={() => setSigning(true)} />
					{isSigning ? <SignDialog view={view} subject={subject} onClose={() => setSigning(false)} /> : null}
				</>
			)}
		</Ask>
	);
}
