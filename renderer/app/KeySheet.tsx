/** All keys that act now, by group: made from the registry, so it can't be out of date. */
import { Modal } from '@mantine/core';
import { KeyHint } from '../components/Frame.tsx';
import { allCommands, type Command, useRegistry } from './commands.ts';
import styles from './Shell.module.css';

export function KeySheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
	const sets = useRegistry((registry) => registry.sets);
	const groups = new Map<string, Command[]>();
	for (const command of allCommands(sets)) if (command.keys) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
	return (
		<Modal opened={isOpen} onClose={onClose} title="Keys" size="xl" closeButtonProps={{ 'aria-label': 'Close keys' }}>
			<p className={styles['muted']}>Keys without Ctrl act while no field has the focus; those of a list while the list has it.</p>
			<div className={styles['keyGrid']}>
				{[...groups].map(([group, commands]) => (
					<section key={group}>
						<h3>{group}</h3>
						{commands.map(({ id, title, keys }) => (
							<div key={id} className={styles['keyRow']}>
								<span>{title}</span>
								<KeyHint keys={keys ?? ''} />
							</div>
						))}
					</section>
				))}
			</div>
		</Modal>
	);
}
