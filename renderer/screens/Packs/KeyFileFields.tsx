/** A key file and its password, tried before it signs. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { asAnswer, chooseFile } from '../../app/files.ts';
import { Callout } from '../../components/Callout.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { SecretInput } from '../../components/SecretInput.tsx';
import textStyles from '../../components/Text.module.css';
import { keyTimeProblem } from './packs.ts';

export interface KeyFile {
	readonly fileToken: string;
	readonly name: string;
	readonly subject: string | null;
	readonly problem: string | null;
}

interface KeyFileProps {
	readonly keyFile: KeyFile | null;
	readonly onKeyFile: (keyFile: KeyFile | null) => void;
	readonly password: string;
	readonly onPassword: (password: string) => void;
}

export function KeyFileFields({ keyFile, onKeyFile, password, onPassword }: KeyFileProps) {
	const [error, setError] = useState<string | null>(null);
	const choose = async (): Promise<void> => {
		const chosen = await chooseFile('p12');
		if (!chosen.ok) return setError(chosen.error.message);
		if (chosen.value === null) return;
		setError(null);
		onKeyFile({ ...chosen.value, subject: null, problem: null });
	};
	const open = async (): Promise<void> => {
		if (!keyFile) return;
		const answer = asAnswer(await window.tieout.invoke('sign.inspectKey', { fileToken: keyFile.fileToken, password }));
		setError(answer.ok ? null : answer.error.message);
		onKeyFile(
			answer.ok
				? { ...keyFile, subject: answer.value.subject, problem: keyTimeProblem(answer.value, Date.now()) }
				: { ...keyFile, subject: null, problem: null },
		);
	};
	return (
		<>
			<div className={layoutStyles['row']}>
				<Button variant="default" onClick={() => void choose()}>
					Choose a key file
				</Button>
				<span>{keyFile?.name ?? 'none chosen'}</span>
			</div>
			{keyFile ? (
				<SecretInput
					label="Its password"
					description="Used for this signature, kept nowhere."
					autoComplete="off"
					value={password}
					onText={(text) => {
						onPassword(text);
						if (keyFile.subject) onKeyFile({ ...keyFile, subject: null, problem: null });
					}}
					onBlur={() => (password === '' || keyFile.subject ? undefined : void open())}
					error={error}
					what="password"
				/>
			) : error ? (
				<Callout tone="fail">{error}</Callout>
			) : null}
			{keyFile && !keyFile.subject ? (
				<div className={layoutStyles['row']}>
					<Button variant="default" onClick={() => void open()}>
						Open it
					</Button>
				</div>
			) : null}
			{keyFile?.subject ? <p className={textStyles['code']}>{keyFile.subject}</p> : null}
			{keyFile?.problem ? <Callout>{keyFile.problem}</Callout> : null}
		</>
	);
}
