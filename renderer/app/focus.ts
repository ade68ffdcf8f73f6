/** Focus that goes where a person goes on by keys, however long that takes to stand there. */

/** Focuses what the selector finds, as soon as it stands there, unless the person has gone elsewhere meanwhile. @returns gives it up */
export function focusWhenThere(root: HTMLElement, selector: string): () => void {
	const before = document.activeElement;
	const look = (): void => {
		const active = document.activeElement;
		const target = root.querySelector<HTMLElement>(selector);
		const isElsewhere = active !== before && active !== document.body;
		if (target && !isElsewhere) target.focus();
		if (target || isElsewhere) observer.disconnect();
	};
	const observer = new MutationObserver(look);
	const frame = requestAnimationFrame(() => {
		observer.observe(root, { childList: true, subtree: true });
		look();
	});
	return () => {
		cancelAnimationFrame(frame);
		observer.disconnect();
	};
}
