/** A button that keeps the focus while it can't be used: whoever pressed it goes on from there. */
import { Button, type ButtonProps } from '@mantine/core';
import type { ReactNode } from 'react';

interface QuietButtonProps extends ButtonProps {
	/** Why it can't be used now; null where it can. */
	readonly why: string | null;
	readonly hint?: string;
	readonly onClick: () => void;
	readonly children: ReactNode;
}

export function QuietButton({ why, hint, onClick, ...rest }: QuietButtonProps) {
	return (
		<Button
			{...rest}
			title={why ?? hint}
			aria-disabled={why !== null}
			{...(why === null ? {} : { 'data-disabled': true })}
			onClick={() => {
				if (why === null) onClick();
			}}
		/>
	);
}
