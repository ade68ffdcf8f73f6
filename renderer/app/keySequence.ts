/** What a key press means, given the keys in use and those pressed before it: `g d` is two presses that mean one thing. */
import { type KeybindingPress, matchKeybindingPress, parseKeybinding } from 'tinykeys';

/** The first presses of a sequence: the G of `g d`. */
export interface Begun {
	/** The keys that can still be meant, in tinykeys' notation. */
	readonly keys: readonly string[];
	readonly presses: number;
	/** `timeStamp` of the last press, in milliseconds: when the person pressed, however late the window comes to hear of it. */
	readonly at: number;
}

export type Heard =
	| { readonly kind: 'nothing' }
	| { readonly kind: 'begun'; readonly begun: Begun }
	/** These keys are whole. */
	| { readonly kind: 'meant'; readonly keys: string }
	/** What had begun does not go on like this. The press means nothing else: a slip after G must not judge an exception. */
	| { readonly kind: 'broken' };

/** How long it is shown how a begun sequence can go on. */
export const SHOWN_MS = 5000;

/** How long a begun sequence waits for its next press: longer than it is shown, because a person acts on what stood there a moment ago. */
export const SEQUENCE_MS = SHOWN_MS + 1000;

const MODIFIERS: ReadonlySet<string> = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock']);

const parsed = new Map<string, readonly KeybindingPress[]>();

function pressesOf(keys: string): readonly KeybindingPress[] {
	const known = parsed.get(keys);
	if (known) return known;
	const presses = parseKeybinding(keys);
	parsed.set(keys, presses);
	return presses;
}

const isPlain = ({ key, ctrlKey, altKey, metaKey }: KeyboardEvent): boolean =>
	key === 'Escape' || (key.length === 1 && !ctrlKey && !altKey && !metaKey);

/** Undo and redo. */
export const isUndo = (keys: string): boolean => /^\$mod\+(Shift\+)?z$/i.test(keys);

const EDITING = /^\$mod\+(Shift\+)?(a|c|v|x|y|z|Backspace|Delete|Insert|Home|End|Arrow(Left|Right|Up|Down))$/i;

/** Whether these keys change, copy or walk through text: while one types they are the field's own. */
export const isEditing = (keys: string): boolean => EDITING.test(keys);

/**
 * @param usable the keys of all commands that may act now, in tinykeys' notation
 * @param begun what was pressed before, or null
 */
export function hear(usable: readonly string[], begun: Begun | null, event: KeyboardEvent): Heard {
	if (MODIFIERS.has(event.key)) return begun ? { kind: 'begun', begun } : { kind: 'nothing' };
	const inHand = begun && event.timeStamp - begun.at <= SEQUENCE_MS ? begun : null;
	const at = inHand?.presses ?? 0;
	const possible = usable.filter((keys) => (inHand === null || inHand.keys.includes(keys)) && isMetAt(keys, at, event));
	// A sequence that begins goes before a single key that would end it.
	const longer = possible.filter((keys) => pressesOf(keys).length > at + 1);
	if (longer.length > 0) return { kind: 'begun', begun: { keys: longer, presses: at + 1, at: event.timeStamp } };
	if (possible[0] !== undefined) return { kind: 'meant', keys: possible[0] };
	if (inHand === null) return { kind: 'nothing' };
	const anew = hear(usable, null, event);
	return isPlain(event) && anew.kind !== 'begun' ? { kind: 'broken' } : anew;
}

function isMetAt(keys: string, at: number, event: KeyboardEvent): boolean {
	const press = pressesOf(keys)[at];
	return press !== undefined && matchKeybindingPress(event, press);
}
