/** F1: what the screen is for, how it is used, and the method it rests on. Always in the same place. */
import { Drawer } from '@mantine/core';
import { useNav } from '../state/nav.ts';
import styles from './Shell.module.css';
import { screenOf } from './screens.ts';

export function HelpDrawer({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
	const { title, help } = screenOf(useNav((nav) => nav.screen));
	return (
		<Drawer opened={isOpen} onClose={onClose} position="right" title={`Help: ${title}`} closeButtonProps={{ 'aria-label': 'Close help' }}>
			<p>{help.purpose}</p>
			<h3>How</h3>
			<ol>
				{help.steps.map((step) => (
					<li key={step}>{step}</li>
				))}
			</ol>
			<h3>Method</h3>
			<ul>
				{help.method.map(({ text, source }) => (
					<li key={text}>
						{text} {source ? <span className={styles['muted']}>({source})</span> : null}
					</li>
				))}
			</ul>
		</Drawer>
	);
}
