/** Handing work papers over without a network: an exchange file out, or one in, each under a passphrase that goes another way. */
import { Button, Modal } from '@mantine/core';
import { proxy } from 'comlink';
import { type FormEvent, useState } from 'react';
import { chooseFileToWrite, fileReader } from '../../app/fileStreams.ts';
import { type ChosenFile, chooseFile } from '../../app/files.ts';
import { formatBytes, plural } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { useVault } from '../../app/vault.ts';
import { RunningJob } from '../../components/JobProgress.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { SecretInput } from '../../components/SecretInput.tsx';
import textStyles from '../../components/Text.module.css';
import { useNav } from '../../state/nav.ts';
import type { Received } from '../../vault/syncApi.ts';

/** Opened by `file` in the place: by a button here, or by a command from anywhere. */
export function ExchangeFiles() {
	const { params, set } = useNav();
	const onClose = () => set({ file: '' });
	if (params['file'] === 'export') return <ExportFile onClose={onClose} />;
	if (params['file'] === 'import') return <ImportFile onClose={onClose} />;
	return null;
}

const CLOSE = { 'aria-label': 'Close' };

function ExportFile({ onClose }: { onClose: () => void }) {
	const vault = useVault();
	const [passphrase, setPassphrase] = useState('');
	const [again, setAgain] = useState('');
	const [fault, setFault] = useState<string | null>(null);
	const [isBusy, setBusy] = useState(false);
	const submit = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		if (passphrase !== again) return setFault('The two passphrases differ. Type them again.');
		const target = await chooseFileToWrite(`tieout-exchange-${new Date().toISOString().slice(0, 10)}.tieoutx`, 'exchange');
		if (!target.ok) return setFault(target.error.message);
		const file = target.value;
		if (file === null) return;
		setBusy(true);
		const made = await vault.sync.exportExchange(
			passphrase,
			proxy((bytes: Uint8Array) => file.write(bytes)),
		);
		setBusy(false);
		if (!made.ok) {
			await file.abandon();
			return setFault(made.error.message);
		}
		const saved = await file.finish();
		if (!saved.ok) return setFault(saved.error.message);
		const { name, size } = saved.value;
		notify({ tone: 'done', message: `${name} written and read back: ${plural(made.value.acts, 'act')}, ${formatBytes(size)}` });
		onClose();
	};
	return (
		<Modal opened onClose={onClose} title="Hand over by file" lockScroll={false} closeButtonProps={CLOSE}>
			<form className={layoutStyles['form']} onSubmit={(event) => void submit(event)}>
				<p>
					All work papers of this engagement, signed by you and encrypted, for a colleague’s copy or for the hub. Evidence is not in it.
					Tell the passphrase by another way than the file takes.
				</p>
				<SecretInput
					label="Transfer passphrase"
					description="At least twelve characters, or four words; for this file alone"
					required
					data-autofocus
					autoComplete="off"
					value={passphrase}
					error={fault}
					onText={(text) => {
						setPassphrase(text);
						setFault(null);
					}}
				/>
				<SecretInput label="Transfer passphrase again" required autoComplete="off" value={again} onText={setAgain} />
				<RunningJob label={/^Writing an exchange file$/} />
				<div className={layoutStyles['row']}>
					<Button type="submit" loading={isBusy} disabled={passphrase === '' || again === ''}>
						Write the file
					</Button>
					<Button variant="subtle" onClick={onClose}>
						Cancel
					</Button>
				</div>
			</form>
		</Modal>
	);
}

function ImportFile({ onClose }: { onClose: () => void }) {
	const vault = useVault();
	const [file, setFile] = useState<ChosenFile | null>(null);
	const [passphrase, setPassphrase] = useState('');
	const [fault, setFault] = useState<string | null>(null);
	const [isBusy, setBusy] = useState(false);
	const close = (): void => {
		if (file) void window.tieout.invoke('file.release', { fileToken: file.fileToken });
		onClose();
	};
	const choose = async (): Promise<void> => {
		const chosen = await chooseFile('exchange');
		if (!chosen.ok) return setFault(chosen.error.message);
		if (chosen.value === null) return;
		setFile(chosen.value);
		setFault(null);
	};
	const submit = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		if (!file) return;
		setBusy(true);
		const answer = await vault.sync.importExchange(file.size, proxy(fileReader(file)), passphrase);
		setBusy(false);
		if (!answer.ok) return setFault(answer.error.message);
		notify({ tone: answer.value.openConflicts + answer.value.openRefusals > 0 ? 'warn' : 'done', message: receivedWords(answer.value) });
		close();
	};
	return (
		<Modal opened onClose={close} title="Take a file in" lockScroll={false} closeButtonProps={CLOSE}>
			<form className={layoutStyles['form']} onSubmit={(event) => void submit(event)}>
				<p>
					The file is judged whole, signatures and all, before anything of it counts. Nothing here is replaced: what differs becomes a
					conflict.
				</p>
				<div className={layoutStyles['row']}>
					<Button variant="default" data-autofocus onClick={() => void choose()}>
						Choose an exchange file
					</Button>
					<span className={textStyles['muted']}>{file ? `${file.name} · ${formatBytes(file.size)}` : 'No file chosen'}</span>
				</div>
				<SecretInput
					label="Transfer passphrase"
					required
					autoComplete="off"
					value={passphrase}
					error={fault}
					onText={(text) => {
						setPassphrase(text);
						setFault(null);
					}}
				/>
				<RunningJob label={/^Taking in an exchange file$/} />
				<div className={layoutStyles['row']}>
					<Button type="submit" loading={isBusy} disabled={file === null || passphrase === ''}>
						Take it in
					</Button>
					<Button variant="subtle" onClick={close}>
						Cancel
					</Button>
				</div>
			</form>
		</Modal>
	);
}

function receivedWords({ acts, confirmed, openConflicts, openRefusals }: Received): string {
	if (acts === 0 && confirmed === 0) return 'Nothing new was in the file: everything of it is here already.';
	const needs = openConflicts + openRefusals;
	return `${plural(acts, 'new act')} taken in, ${plural(confirmed, 'place')} confirmed.${needs > 0 ? ` ${plural(needs, 'thing')} ${needs === 1 ? 'needs' : 'need'} you.` : ''}`;
}
