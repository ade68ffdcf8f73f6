/** What the main process says of itself: versions, locale, whether real engagements may be opened. Asked once. */
import { useEffect, useState } from 'react';

type InfoAnswer = Awaited<ReturnType<typeof askInfo>>;
export type AppInfo = Extract<InfoAnswer, { ok: true }>['value'];

const askInfo = () => window.tieout.invoke('app.info', {});

let asked: Promise<InfoAnswer> | null = null;

export function useAppInfo(): AppInfo | null {
	const [info, setInfo] = useState<AppInfo | null>(null);
	useEffect(() => {
		asked ??= askInfo();
		void asked.then((answer) => {
			if (answer.ok) setInfo(answer.value);
		});
	}, []);
	return info;
}
