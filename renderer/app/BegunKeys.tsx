/** How a sequence of keys that has begun can go on, shown to whoever hesitates. */
import { type CSSProperties, useEffect, useState } from 'react';
import { KeyHint } from '../components/Frame.tsx';
import styles from './BegunKeys.module.css';
import { allCommands, useBegun, useRegistry } from './commands.ts';
import { type Begun, SHOWN_MS } from './keySequence.ts';

/** Who knows the keys is not shown them. */
const HESITATION_MS = 500;
const COLUMNS = 3;

export function BegunKeys() {
	const begun = useBegun((state) => state.begun);
	// A press of its own is a hint of its own.
	return begun && <Hint key={begun.at} begun={begun} />;
}

function Hint({ begun }: { begun: Begun }) {
	const sets = useRegistry((registry) => registry.sets);
	const [isShown, setIsShown] = useState(false);
	useEffect(() => {
		// The hint goes; whether the sequence still waits is decided by when the next key is pressed, never by how late this window is.
		const since = performance.now() - begun.at;
		const timers = [setTimeout(() => setIsShown(true), HESITATION_MS - since), setTimeout(() => setIsShown(false), SHOWN_MS - since)];
		return () => timers.forEach(clearTimeout);
	}, [begun]);
	if (!isShown) return null;
	const pressed = begun.keys[0]?.split(' ').slice(0, begun.presses).join(' ') ?? '';
	const commands = allCommands(sets).filter(({ keys }) => keys !== undefined && begun.keys.includes(keys));
	// Read down, in the order of the rail.
	const rows = { '--rows': Math.ceil(commands.length / COLUMNS) } as CSSProperties;
	return (
		<div className={styles['anchor']}>
			<div className={styles['hint']} role="status">
				<div className={styles['head']}>
					<span>
						<KeyHint keys={pressed} /> then
					</span>
					<span className={styles['muted']}>
						<KeyHint keys="Escape" /> cancels
					</span>
				</div>
				<ul className={styles['list']} style={rows}>
					{commands.map(({ id, title, keys }) => (
						<li key={id}>
							<KeyHint keys={keys?.split(' ').slice(begun.presses).join(' ') ?? ''} />
							<span>{title.replace(/^Go to /, '')}</span>
						</li>
					))}
				</ul>
			</div>
		</div>
	);
}
