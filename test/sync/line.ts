/** The vault's line to a hub as in the program: port, main process, sockets. Between them somebody may sit who is not honest. */
import type { HubQuestion, HubReply } from '#ipc';
import { makeHubLine } from '../../electron/main/hubLine.ts';
import type { FilesLine } from '../../renderer/vault/hubLink.ts';
import { FilesPort } from '../../renderer/vault/portDrop.ts';

/** What answers a question; `onward` asks the hub that was meant. */
export type Meddler = (question: HubQuestion, onward: (question: HubQuestion) => Promise<HubReply>) => Promise<HubReply>;

interface Asked {
	readonly method: string;
	readonly path: string;
	readonly status: number;
	/** Of the decoded answer. */
	readonly bytes: number;
}

export interface TestLine {
	readonly line: FilesLine;
	/** Every question with what came back, since the last time it was emptied. */
	readonly asked: Asked[];
	meddler: Meddler | null;
	/** Past the vault's port and whoever sits on the way. */
	direct(question: HubQuestion): Promise<HubReply>;
	close(): void;
}

export function openTestLine(): TestLine {
	const sockets = makeHubLine(true);
	const { port1, port2 } = new MessageChannel();
	const port = new FilesPort(port1);
	const made: TestLine = {
		line: { port: () => port },
		asked: [],
		meddler: null,
		direct: (question) => sockets.ask(question),
		close: () => {
			port.close();
			port2.close();
			sockets.clear();
		},
	};
	const answer = async (id: number, question: HubQuestion): Promise<void> => {
		const onward = (next: HubQuestion) => sockets.ask(next);
		const reply = await (made.meddler ? made.meddler(question, onward) : onward(question));
		const seen = reply.kind === 'response' ? { status: reply.status, bytes: reply.bytes.length } : { status: 0, bytes: 0 };
		made.asked.push({ method: question.method, path: question.path, ...seen });
		port2.postMessage({ id, ok: true, op: 'hub', reply });
	};
	port2.onmessage = ({ data }: MessageEvent<{ id: number; question: HubQuestion }>) => void answer(data.id, data.question);
	return made;
}
