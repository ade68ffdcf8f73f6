/** A field for what nobody beside may read: hidden until its button shows it. */
import { PasswordInput, type PasswordInputProps } from '@mantine/core';

type SecretInputProps = Omit<PasswordInputProps, 'onChange' | 'value' | 'visibilityToggleButtonProps'> & {
	value: string;
	onText: (text: string) => void;
	/** What is hidden, as its button names it. */
	what?: string;
	/** Whether the browser may offer one, and which. */
	autoComplete: 'current-password' | 'new-password' | 'off';
};

export function SecretInput({ onText, what = 'passphrase', ...rest }: SecretInputProps) {
	return (
		<PasswordInput
			{...rest}
			onChange={({ currentTarget }) => onText(currentTarget.value)}
			visibilityToggleButtonProps={{ 'aria-label': `Show the ${what}` }}
		/>
	);
}
