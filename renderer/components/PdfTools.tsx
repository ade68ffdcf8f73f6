/** Tools above a PDF: its buttons, its page field, and its password. */
import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import styles from './PdfView.module.css';
import { SecretInput } from './SecretInput.tsx';

export function Tool({
	label,
	onClick,
	disabled,
	pressed,
	children,
}: {
	label: string;
	onClick: () => void;
	disabled?: boolean;
	pressed?: boolean;
	children: ReactNode;
}) {
	return (
		<Tooltip label={label}>
			<ActionIcon
				aria-label={label}
				onClick={onClick}
				disabled={disabled ?? false}
				{...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
			>
				{children}
			</ActionIcon>
		</Tooltip>
	);
}

export function PageField({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }) {
	const [text, setText] = useState(String(page));
	useEffect(() => setText(String(page)), [page]);
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		onPage(Number(text));
	};
	return (
		<form className={styles['pageField']} onSubmit={submit}>
			<TextInput
				aria-label="Page"
				inputMode="numeric"
				value={text}
				onChange={({ currentTarget }) => setText(currentTarget.value)}
				onBlur={() => (text === String(page) ? undefined : onPage(Number(text)))}
				classNames={{ input: styles['pageInput'] ?? '' }}
			/>
			<span className={styles['percent']}>/ {pages}</span>
		</form>
	);
}

export function AskPassword({ onPassword }: { onPassword: (password: string) => void }) {
	const [password, setPassword] = useState('');
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		onPassword(password);
	};
	return (
		<form className={styles['ask']} onSubmit={submit}>
			<SecretInput
				label="This PDF is encrypted. Its password"
				description="Used to show it here, kept nowhere."
				autoComplete="off"
				value={password}
				onText={setPassword}
				what="password"
			/>
			<Button type="submit">Open</Button>
		</form>
	);
}
