/** One registry of commands: it feeds the keys, the palette and the key sheet, so that they can never disagree. */
import { useEffect, useRef } from 'react';
import { createKeybindingsHandler } from 'tinykeys';
import { create } from 'zustand';
import { usePrefs } from '../state/prefs.ts';

export interface Command {
	readonly id: string;
	readonly title: string;
	readonly group: string;
	/** In tinykeys' notation: `$mod+k`, `g o`, `Shift+f`. */
	readonly keys?: string;
	/** `list`: only while the focus is inside an element with data-keys="list". */
	readonly when?: 'always' | 'list';
	/** Why it can't be used now. */
	readonly disabled?: string | null;
	run(): void | Promise<void>;
}

interface Registry {
	readonly sets: ReadonlyMap<symbol, readonly Command[]>;
	put(owner: symbol, commands: readonly Command[]): void;
	drop(owner: symbol): void;
}

export const useRegistry = create<Registry>((set) => ({
	sets: new Map(),
	put: (owner, commands) => set(({ sets }) => ({ sets: new Map(sets).set(owner, commands) })),
	drop: (owner) => set(({ sets }) => ({ sets: new Map([...sets].filter(([key]) => key !== owner)) })),
}));

/** All commands of now; of two with one id the later one counts. */
export function allCommands(sets: Registry['sets']): Command[] {
	const byId = new Map<string, Command>();
	for (const commands of sets.values()) for (const command of commands) byId.set(command.id, command);
	return [...byId.values()];
}

/** Registers commands while the component is mounted. */
export function useCommands(make: () => readonly Command[], deps: readonly unknown[]): void {
	const owner = useRef(Symbol('commands'));
	const put = useRegistry((registry) => registry.put);
	const drop = useRegistry((registry) => registry.drop);
	useEffect(() => {
		const mine = owner.current;
		put(mine, make());
		return () => drop(mine);
		// biome-ignore lint/correctness/useExhaustiveDependencies: the commands are named by their dependencies
	}, deps);
}

const isTyping = (target: EventTarget | null): boolean =>
	target instanceof HTMLElement &&
	(target.isContentEditable || target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select'));

const hasModifier = (keys: string): boolean => /\$mod|Control|Alt|Meta|^F\d+$|^Escape$/.test(keys);

/** Whether a command's key may act, given where the focus is and what the person chose. */
function mayAct(command: Command, event: KeyboardEvent): boolean {
	const keys = command.keys ?? '';
	if (!hasModifier(keys) && (!usePrefs.getState().singleKeys || isTyping(event.target))) return false;
	// Undo is the field's own while one types, unless the field says that what stands in it is in the log already.
	if (/\+z$/i.test(keys) && isTyping(event.target) && !(event.target instanceof Element && event.target.closest('[data-undo="log"]')))
		return false;
	if (
		document.querySelector('[role=dialog]') &&
		!(event.target instanceof Element && event.target.closest('[data-keys]')) &&
		!hasModifier(keys)
	)
		return false;
	if (command.when !== 'list') return true;
	return event.target instanceof Element && event.target.closest('[data-keys="list"]') !== null;
}

const REPEATING: ReadonlySet<string> = new Set(['j', 'k', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown']);

/** The keys that some command has now, longest sequences first: one that has begun goes before the single key that would end it. */
const keysInUse = (sets: Registry['sets']): string =>
	[...new Set(allCommands(sets).flatMap(({ keys }) => keys ?? []))].sort((a, b) => b.split(' ').length - a.split(' ').length).join('\n');

/** What a key means now. A list's own meaning of a key goes before the general one. */
function commandFor(keys: string, event: KeyboardEvent): Command | undefined {
	const commands = allCommands(useRegistry.getState().sets).filter((command) => command.keys === keys);
	return commands.sort((a, b) => Number(b.when === 'list') - Number(a.when === 'list')).find((one) => mayAct(one, event) && !one.disabled);
}

/**
 * Listens to the keys of all commands. Mounted once, by the shell. It begins to listen anew only where other keys are in use: a screen
 * whose commands change while it loads would else forget the G of G D.
 */
export function useCommandKeys(): void {
	const keysNow = useRegistry(({ sets }) => keysInUse(sets));
	useEffect(() => {
		const bindings = Object.fromEntries(
			keysNow.split('\n').map((keys) => [
				keys,
				(event: KeyboardEvent) => {
					const command = commandFor(keys, event);
					if (!command) return;
					event.preventDefault();
					// What else had begun with the same key is over: after G E, an F is not the end of G F.
					heard = listen();
					void command.run();
				},
			]),
		);
		// Which keys act while one types is decided above; only walking repeats while a key is held.
		const listen = () =>
			createKeybindingsHandler(bindings, { ignore: (event) => event.isComposing || (event.repeat && !REPEATING.has(event.key)) });
		let heard = listen();
		const onKeyDown = (event: KeyboardEvent): void => heard(event);
		window.addEventListener('keydown', onKeyDown);
		return () => window.removeEventListener('keydown', onKeyDown);
	}, [keysNow]);
}

const isMac = navigator.platform.startsWith('Mac');

/** A binding as keycaps: `$mod+k` is Ctrl + K. */
export const keycaps = (keys: string): string[] =>
	keys.split(' ').flatMap((press, i) => [...(i > 0 ? ['then'] : []), ...press.split('+').map(keycap)]);

function keycap(key: string): string {
	switch (key) {
		case '$mod':
			return isMac ? '⌘' : 'Ctrl';
		case 'Control':
			return 'Ctrl';
		case 'ArrowLeft':
			return '←';
		case 'ArrowRight':
			return '→';
		case 'ArrowUp':
			return '↑';
		case 'ArrowDown':
			return '↓';
		case 'Escape':
			return 'Esc';
		case '\\\\':
			return '\\';
		default:
			return key.length === 1 ? key.toUpperCase() : key;
	}
}
