/** One registry of commands: it feeds the keys, the palette and the key sheet, so that they can never disagree. */
import { useEffect, useLayoutEffect, useRef } from 'react';
import { create } from 'zustand';
import { usePrefs } from '../state/prefs.ts';
import { type Begun, type Heard, hear, isEditing, isUndo } from './keySequence.ts';

export interface Command {
	readonly id: string;
	readonly title: string;
	readonly group: string;
	/** In tinykeys' notation: `$mod+k`, `g o`, `Shift+f`. */
	readonly keys?: string;
	/** `list`: only while the focus is inside an element with data-keys="list"; `grid`: only in the rows of one, not in a panel beside them. */
	readonly when?: 'always' | 'list' | 'grid';
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

/** Runs a command by its id, where it is there and can be used: for buttons of commands that another part registers. */
export function runCommand(id: string): void {
	const command = allCommands(useRegistry.getState().sets).find((one) => one.id === id);
	if (command && !command.disabled) void command.run();
}

/** Registers commands while the component is mounted. What a person sees has its keys: they come before it is painted. */
export function useCommands(make: () => readonly Command[], deps: readonly unknown[]): void {
	const owner = useRef(Symbol('commands'));
	const put = useRegistry((registry) => registry.put);
	const drop = useRegistry((registry) => registry.drop);
	useLayoutEffect(() => {
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

const isOfList = ({ when }: Command): boolean => when === 'list' || when === 'grid';

/** Whether a command's key may act, given where the focus is and what the person chose. */
function mayAct(command: Command, event: KeyboardEvent): boolean {
	const keys = command.keys ?? '';
	if (!hasModifier(keys) && (!usePrefs.getState().singleKeys || isTyping(event.target))) return false;
	// Undo is the field's own as well, unless the field says that what stands in it is in the log already.
	if (
		isEditing(keys) &&
		isTyping(event.target) &&
		!(isUndo(keys) && event.target instanceof Element && event.target.closest('[data-undo="log"]'))
	)
		return false;
	// What is pressed while a dialog opens is meant for it, though the list behind it may have the focus still.
	if (
		document.querySelector('[role=dialog]') &&
		!(event.target instanceof Element && event.target.closest('[role=dialog] [data-keys]')) &&
		!hasModifier(keys)
	)
		return false;
	if (!isOfList(command)) return true;
	return event.target instanceof Element && event.target.closest(command.when === 'grid' ? '[data-grid]' : '[data-keys="list"]') !== null;
}

const REPEATING: ReadonlySet<string> = new Set(['j', 'k', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown']);

/** The commands whose keys may act now, by their keys. A list's own meaning of a key goes before the general one. */
function usableCommands(event: KeyboardEvent): Map<string, Command> {
	const usable = new Map<string, Command>();
	for (const command of allCommands(useRegistry.getState().sets)) {
		const { keys, disabled } = command;
		if (keys === undefined || disabled || !mayAct(command, event)) continue;
		const other = usable.get(keys);
		if (!other || (isOfList(command) && !isOfList(other))) usable.set(keys, command);
	}
	return usable;
}

/** The sequence that has begun, for whoever shows how it can go on. */
export const useBegun = create<{ readonly begun: Begun | null }>(() => ({ begun: null }));

const setBegun = (begun: Begun | null): void => {
	if (useBegun.getState().begun !== begun) useBegun.setState({ begun });
};

const forgetBegun = (): void => setBegun(null);

/** Whether it is a press at all: a browser that fills a form in says so by events without a key, and only walking repeats while a key is held. */
const isPress = (event: KeyboardEvent): boolean =>
	typeof event.key === 'string' && !event.isComposing && (!event.repeat || REPEATING.has(event.key));

function act(heard: Heard, usable: ReadonlyMap<string, Command>, event: KeyboardEvent): void {
	setBegun(heard.kind === 'begun' ? heard.begun : null);
	if (heard.kind === 'broken' || heard.kind === 'meant') event.preventDefault();
	if (heard.kind === 'meant') void usable.get(heard.keys)?.run();
}

/**
 * A press after G is heard before any part of the page, and is the sequence's alone: a list that walks by K must not take it from G K.
 * What does not belong to the sequence ends it and goes its way; a letter in a text field is never taken from it.
 */
function onNextPress(event: KeyboardEvent): void {
	const { begun } = useBegun.getState();
	if (begun === null || !isPress(event)) return;
	const usable = usableCommands(event);
	const heard = hear([...usable.keys()], begun, event);
	// A modifier alone.
	if (heard.kind === 'begun' && heard.begun === begun) return;
	const isAnothers = heard.kind === 'nothing' || (heard.kind === 'meant' && !begun.keys.includes(heard.keys));
	if (isAnothers || isTyping(event.target)) forgetBegun();
	else {
		event.stopPropagation();
		act(heard, usable, event);
	}
}

/** Which keys act while one types is decided by each command. */
function onKeyDown(event: KeyboardEvent): void {
	if (!isPress(event)) return;
	const usable = usableCommands(event);
	act(hear([...usable.keys()], useBegun.getState().begun, event), usable, event);
}

/**
 * Listens to the keys of all commands. Mounted once, by the shell. What a key means is asked at each press, so that commands may come
 * and go between the G and the D of a person who is quicker than the screen.
 */
export function useCommandKeys(): void {
	useEffect(() => {
		window.addEventListener('keydown', onNextPress, { capture: true });
		window.addEventListener('keydown', onKeyDown);
		window.addEventListener('pointerdown', forgetBegun);
		window.addEventListener('blur', forgetBegun);
		return () => {
			forgetBegun();
			window.removeEventListener('keydown', onNextPress, { capture: true });
			window.removeEventListener('keydown', onKeyDown);
			window.removeEventListener('pointerdown', forgetBegun);
			window.removeEventListener('blur', forgetBegun);
		};
	}, []);
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
