/**
 * The panel follows the row one stands on after a moment, so that walking fast asks for nothing on the way. What a key means meanwhile is
 * the row stood on, never the order that the panel still shows.
 */

export const FOLLOW_MS = 80;

/** `null`: the row can't be read. */
type Standing = Promise<string | null>;

export interface Follower {
	/** Stands on another row. @param orderId null where the row is not loaded yet */
	stand(index: number, orderId: string | null): void;
	/** The panel was given an order by other means. */
	settle(): void;
	/** The order stood on, while the panel is behind; null while it is not. */
	standing(): Standing | null;
}

/**
 * @param show gives the panel its order
 * @param orderAt reads a row that is not loaded
 * @param onBehind whether the panel is behind, each time that changes
 */
export function follower(
	show: (orderId: string) => void,
	orderAt: (index: number) => Standing,
	onBehind: (isBehind: boolean) => void,
): Follower {
	let timer: ReturnType<typeof setTimeout> | undefined;
	let standing: Standing | null = null;
	const settle = (): void => {
		clearTimeout(timer);
		if (standing === null) return;
		standing = null;
		onBehind(false);
	};
	return {
		stand(index, orderId) {
			clearTimeout(timer);
			const mine = orderId === null ? orderAt(index).catch(() => null) : Promise.resolve(orderId);
			if (standing === null) onBehind(true);
			standing = mine;
			timer = setTimeout(() => {
				void mine.then((found) => {
					if (standing !== mine) return;
					// Where the row can't be read, the grid says so; the panel stays behind, and its keys say why they do nothing.
					if (found === null) return;
					show(found);
					settle();
				});
			}, FOLLOW_MS);
		},
		settle,
		standing: () => standing,
	};
}
