/** Where the focus goes when a card that was dealt with goes away: the next one, the one before, or the screen's title. */
export function focusAfter(card: HTMLElement | null): () => void {
	const other = [card?.nextElementSibling, card?.previousElementSibling].find((one) => one?.tagName === 'ARTICLE');
	return () =>
		requestAnimationFrame(() => {
			const target = other?.isConnected
				? other.querySelector<HTMLElement>('button')
				: document.querySelector<HTMLElement>('[data-screen-title]');
			target?.focus();
		});
}
