/** Quiet messages about what was done, each with its way back where there is one. */
import { notifications } from '@mantine/notifications';
import type { UndoableType } from '#findings';

export interface Notice {
	readonly tone: 'done' | 'warn' | 'failed';
	readonly message: string;
	/** The act that was done last, where Ctrl+Z takes it back: else Ctrl+Z would take back other work. */
	readonly undo?: UndoableType | null;
}

const COLOURS = { done: 'accent', warn: 'yellow', failed: 'red' } as const;

export function notify({ tone, message, undo }: Notice): void {
	notifications.show({
		message: undo ? `${message} · Undo (Ctrl+Z)` : message,
		color: COLOURS[tone],
		autoClose: tone === 'failed' ? 12_000 : 5000,
		withBorder: true,
		closeButtonProps: { 'aria-label': 'Close message' },
		role: tone === 'failed' ? 'alert' : 'status',
	});
}
