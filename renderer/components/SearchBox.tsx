/** A field that narrows a list while one types; the list is asked once one pauses. */
import { TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { type KeyboardEvent, type Ref, useEffect, useState } from 'react';

const PATIENCE_MS = 200;

interface SearchBoxProps {
	/** What it is heard as. */
	readonly label: string;
	readonly placeholder: string;
	/** What the list is narrowed by now. */
	readonly text: string;
	/** Called once after typing has paused, with a new text only. */
	readonly onText: (text: string) => void;
	/** Pixels. */
	readonly width?: number;
	readonly inputRef?: Ref<HTMLInputElement>;
	/** What a command finds it by: `[data-search=…]`. */
	readonly name?: string;
	/** Enter and Escape lead back to the list. */
	readonly onLeave?: () => void;
}

export function SearchBox({ label, placeholder, text, onText, width = 220, inputRef, name, onLeave }: SearchBoxProps) {
	const [typed, setTyped] = useState(text);
	useEffect(() => setTyped(text), [text]);
	useEffect(() => {
		if (typed === text) return;
		const timer = setTimeout(() => onText(typed), PATIENCE_MS);
		return () => clearTimeout(timer);
	}, [typed, text, onText]);
	const onKeyDown = ({ key }: KeyboardEvent): void => {
		if (key === 'Escape' || key === 'Enter') onLeave?.();
	};
	return (
		<TextInput
			{...(inputRef ? { ref: inputRef } : {})}
			aria-label={label}
			data-search={name}
			placeholder={placeholder}
			leftSection={<Search size={14} aria-hidden="true" />}
			value={typed}
			onChange={({ currentTarget }) => setTyped(currentTarget.value)}
			onKeyDown={onKeyDown}
			w={width}
		/>
	);
}
