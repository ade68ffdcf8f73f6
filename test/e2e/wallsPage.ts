/** The smallest page over the real main process: started, and asked through its bridge. */
import { type Launched, launchElectron } from './harness.ts';

export interface Answer {
	readonly ok: boolean;
	readonly value?: Readonly<Record<string, unknown>>;
	readonly error?: { readonly code: string; readonly message: string; readonly reason: string | null };
}

export async function launchWalls(): Promise<Launched> {
	const launched = await launchElectron({ build: 'walls' });
	await launched.page.getByText('Walls stand').waitFor();
	return launched;
}

/** What the main process answers on a channel. */
export const invokeIn = ({ page }: Launched, channel: string, request: object): Promise<Answer> =>
	page.evaluate<Answer>(`tieout.invoke('${channel}', ${JSON.stringify(request)})`);
