/** The window's only way out of itself: the frozen bridge that the preload script puts into the page. */

/** Puts text on the clipboard, by the main process. */
export async function copyText(text: string): Promise<boolean> {
	const answer = await window.tieout.invoke('clipboard.writeText', { text });
	return answer.ok;
}
