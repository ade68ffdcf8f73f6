/**
 * The files port past the page, as in the product: a worker of the harness holds the page's end and asks this server over a web socket.
 * Without it, a drop's bytes go through the page as JSON, which is right for claims and wrong for measuring how the page keeps up.
 */
import { createHash } from 'node:crypto';
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Page } from 'playwright-core';
import type { FakePort } from './mainSide.ts';

const PATH = '/__relay.js';

export interface FilesRelay {
	/** The main process' end of a new port, and the page that is to get the other one. */
	take(port: FakePort, page: Page): void;
	serveOn(server: Server): void;
	prepare(page: Page): Promise<void>;
}

interface PortAnswer {
	readonly id: number;
	readonly bytes?: Uint8Array;
	/** Of a hub. */
	readonly reply?: { readonly bytes?: Uint8Array };
}

/** Bytes inside a question, which the worker sends as a list of numbers. */
const revived = (_key: string, value: unknown): unknown =>
	typeof value === 'object' && value !== null && '$bytes' in value ? Uint8Array.from(value.$bytes as readonly number[]) : value;

export function filesRelay(): FilesRelay {
	let port: FakePort | null = null;
	let socket: Duplex | null = null;
	return {
		take: (opened, page) => {
			port?.close();
			port = opened;
			port.on('message', ({ data }) => {
				for (const part of framed(data as PortAnswer)) socket?.write(part);
			});
			port.start();
			page.evaluate('window.__tieoutRelay()').catch(() => undefined);
		},
		serveOn: (server) => {
			server.prependListener('request', (request, response) => {
				if (request.url !== PATH) return;
				// The page is isolated: its workers have to be as well.
				response.setHeader('cross-origin-embedder-policy', 'require-corp');
				response.setHeader('content-type', 'text/javascript');
				response.end(`(${relayWorker.toString()})()`);
			});
			server.on('upgrade', ({ headers }, opened: Duplex) => {
				// RFC 6455 §4.2.2.
				const accept = createHash('sha1').update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
				opened.write(
					`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
				);
				socket = opened;
				let rest: Buffer = Buffer.alloc(0);
				opened.on('error', () => undefined);
				opened.on('data', (chunk: Buffer) => {
					rest = takeFrames(Buffer.concat([rest, chunk]), (text) => port?.postMessage(JSON.parse(text, revived)));
				});
			});
		},
		prepare: async (page) => {
			await page.addInitScript(relayPage, PATH);
		},
	};
}

/** Whole text frames of a client, which are masked and here below 64 KiB (RFC 6455 §5.2). @returns what is left */
function takeFrames(bytes: Buffer, onText: (text: string) => void): Buffer {
	let at = 0;
	while (bytes.length - at >= 8) {
		const short = (bytes[at + 1] ?? 0) & 0x7f;
		const head = short === 126 ? 4 : 2;
		const length = short === 126 ? bytes.readUInt16BE(at + 2) : short;
		const from = at + head + 4;
		if (bytes.length < from + length) break;
		const text = Buffer.from(bytes.subarray(from, from + length));
		for (let i = 0; i < length; i++) text[i] = (text[i] ?? 0) ^ (bytes[at + head + (i & 3)] ?? 0);
		if (((bytes[at] ?? 0) & 0x0f) === 1) onText(text.toString('utf8'));
		at = from + length;
	}
	return bytes.subarray(at);
}

/** One binary frame: the length of the answer without its bytes, that answer, its bytes. */
function framed({ bytes: read, reply, ...answer }: PortAnswer): Uint8Array[] {
	const bytes = read ?? reply?.bytes;
	const json = Buffer.from(JSON.stringify(reply ? { ...answer, reply: { ...reply, bytes: undefined } } : answer));
	const lead = Buffer.alloc(4);
	lead.writeUInt32LE(json.length);
	const parts = bytes ? [lead, json, bytes] : [lead, json];
	return [frameHead(parts.reduce((sum, part) => sum + part.length, 0)), ...parts];
}

/** Of a whole binary frame, its length in as few bytes as it needs (RFC 6455 §5.2). */
function frameHead(length: number): Buffer {
	if (length < 126) return Buffer.from([0x82, length]);
	if (length < 65_536) return Buffer.from([0x82, 126, length >> 8, length & 0xff]);
	const head = Buffer.alloc(10);
	head[0] = 0x82;
	head[1] = 127;
	head.writeBigUInt64BE(BigInt(length), 2);
	return head;
}

/** Runs in the page, before anything else. */
function relayPage(path: string): void {
	Object.assign(window, {
		__tieoutRelay: () => {
			const channel = new MessageChannel();
			new Worker(path).postMessage(null, [channel.port1]);
			window.postMessage('tieout:files-port', location.origin, [channel.port2]);
		},
	});
}

/** Runs in the worker. */
function relayWorker(): void {
	self.onmessage = ({ ports: [port] }: MessageEvent) => {
		if (!port) return;
		const socket = new WebSocket(`ws://${location.host}/`);
		socket.binaryType = 'arraybuffer';
		socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
			const from = 4 + new DataView(data).getUint32(0, true);
			const answer = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, from - 4))) as { op?: string; reply?: { kind: string } };
			const bytes = new Uint8Array(data, from);
			if (answer.op === 'read' || answer.op === 'read_files') port.postMessage({ ...answer, bytes }, [data]);
			else if (answer.reply?.kind === 'response') port.postMessage({ ...answer, reply: { ...answer.reply, bytes } }, [data]);
			else port.postMessage(answer);
		};
		socket.onopen = () => {
			const plain = (_key: string, value: unknown) => (value instanceof Uint8Array ? { $bytes: [...value] } : value);
			port.onmessage = ({ data }) => socket.send(JSON.stringify(data, plain));
		};
	};
}
