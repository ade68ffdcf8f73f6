/** What the main process says of itself: versions, locale, whether real engagements may be opened. Asked once. */

import { useEffect, useState } from 'react';
import type { AnswerOf, IpcAnswer } from '#ipc';

export type AppInfo = AnswerOf<'app.info'>;

let asked: Promise<IpcAnswer<AppInfo>> | null = null;

export function useAppInfo(): AppInfo | null {
	const [info, setInfo] = useState<AppInfo | null>(null);
	useEffect(() => {
		asked ??= window.tieout.invoke('app.info', {});
		void asked?.then((answer) => {
			if (answer.ok) setInfo(answer.value);
		});
	}, []);
	return info;
}
