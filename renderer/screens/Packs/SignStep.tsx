/** ③ Sign: whose key, the passphrase once more, and then the whole road to a verified file. */

import { Button, Checkbox, Radio, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { can } from '#findings';
import { notify } from '../../app/notify.ts';
import { ROLE_WORDS, useRole } from '../../app/roles.ts';
import { faultOf } from '../../app/useQuery.ts';
import { useSummary } from '../../app/useSummary.ts';
import { useVault } from '../../app/vault.ts';
import { Callout } from '../../components/Callout.tsx';
import { Panel } from '../../components/Frame.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { SecretInput } from '../../components/SecretInput.tsx';
import textStyles from '../../components/Text.module.css';
import type { PackRequest } from '../../vault/packsApi.ts';
import { type KeyFile, KeyFileFields } from './KeyFileFields.tsx';
import { commonName, noticeTone } from './packs.ts';
import { SignedResult } from './SignedResult.tsx';
import { makeSignedPack, type SignedPack, type SignWith } from './signing.ts';

interface SignProps {
	readonly request: PackRequest;
	readonly canMake: boolean;
	/** The pages on screen; null: none were made yet. */
	readonly shown: { readonly sha256: string; readonly isOld: boolean } | null;
	/** A key file's holder is who prepared it. */
	readonly onPreparedBy: (name: string) => void;
}

export function SignStep({ request, canMake, shown, onPreparedBy }: SignProps) {
	const vault = useVault();
	const role = useRole();
	const member = useSummary()?.memberName ?? '';
	const [kind, setKind] = useState<'p12' | 'self_made'>('p12');
	const [keyFile, setKeyFile] = useState<KeyFile | null>(null);
	const [password, setPassword] = useState('');
	const [reason, setReason] = useState('');
	const [passphrase, setPassphrase] = useState('');
	const [replay, setReplay] = useState(true);
	const [step, setStep] = useState<string | null>(null);
	const [refusal, setRefusal] = useState<string | null>(null);
	const [done, setDone] = useState<SignedPack | null>(null);
	const why = !can(role, 'pack.made')
		? `As ${ROLE_WORDS[role]} you can’t make packs.`
		: !canMake
			? 'A check blocks it. Mend it first.'
			: shown === null
				? 'Show the pages first: what is signed is what was shown.'
				: shown.isOld
					? 'The pages on screen are not those that would be made now. Preview again.'
					: kind === 'p12' && !keyFile?.subject
						? 'Choose a key file and open it with its password.'
						: passphrase === ''
							? 'Type your passphrase.'
							: null;
	const holder = request.preparedBy ?? member;

	const sign = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		if (why !== null || shown === null) return;
		const signer: SignWith =
			kind === 'p12' && keyFile
				? { kind: 'p12', fileToken: keyFile.fileToken, password }
				: { kind: 'self_made', commonName: holder.slice(0, 64) };
		setRefusal(null);
		setStep('Confirming your passphrase');
		const answer = await (async () => {
			const confirmed = await vault.session.confirmPassphrase(passphrase);
			if (!confirmed.ok) return confirmed;
			const signing = { request, shownSha256: shown.sha256, confirmation: confirmed.value.confirmation, signer, reason, replay };
			return await makeSignedPack(vault, signing, setStep);
		})().catch((error: unknown) => ({ ok: false, error: faultOf(error) }) as const);
		setStep(null);
		setPassphrase('');
		if (!answer.ok) return setRefusal(answer.error.message);
		if (answer.value === null) return notify({ tone: 'warn', message: 'Not saved: nothing was kept and nothing is on record.' });
		setPassword('');
		setDone(answer.value);
		notify({
			tone: noticeTone(answer.value.checked.verdict),
			message: `${answer.value.fileName} written and checked: ${answer.value.checked.verdict}`,
		});
	};

	if (done) return <SignedResult signed={done} onClose={() => setDone(null)} />;
	return (
		<Panel title="③ Sign">
			<form className={layoutStyles['form']} onSubmit={(event) => void sign(event)}>
				<Radio.Group label="Key" value={kind} onChange={(next) => setKind(next === 'p12' ? 'p12' : 'self_made')}>
					<div className={layoutStyles['form']}>
						<Radio value="p12" size="xs" label="A key file (.p12, .pfx) of a person" />
						<Radio
							value="self_made"
							size="xs"
							label="A key made for this pack"
							description="Proves that the file is unchanged since it was signed, never by whom. The verdict will be UNTRUSTED where signers are judged."
						/>
					</div>
				</Radio.Group>
				{kind === 'p12' ? (
					<KeyFileFields
						keyFile={keyFile}
						onKeyFile={(next) => {
							setKeyFile(next);
							if (next?.subject) onPreparedBy(commonName(next.subject));
						}}
						password={password}
						onPassword={setPassword}
					/>
				) : null}
				<TextInput
					label="Reason, in the signature"
					value={reason}
					maxLength={255}
					onChange={({ currentTarget }) => setReason(currentTarget.value)}
				/>
				<Checkbox
					checked={replay}
					onChange={({ currentTarget }) => setReplay(currentTarget.checked)}
					label="Run the tests again from the written file"
				/>
				<SecretInput
					label="Your passphrase, once more"
					description={`You sign as ${holder || 'the member who is unlocked'}.`}
					autoComplete="current-password"
					value={passphrase}
					onText={setPassphrase}
				/>
				{refusal ? (
					<Callout tone="fail" isAlert>
						{refusal}
					</Callout>
				) : null}
				<div className={layoutStyles['row']}>
					<Button type="submit" disabled={why !== null} title={why ?? undefined} loading={step !== null}>
						Freeze and sign…
					</Button>
					<span className={textStyles['muted']} role="status">
						{step ?? why ?? 'A signed pack can’t be unsigned, only followed by another.'}
					</span>
				</div>
			</form>
		</Panel>
	);
}
