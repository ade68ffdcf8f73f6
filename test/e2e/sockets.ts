/** What a program's processes listen on, read where the kernel says it. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const TCP_LISTEN = '0A';

/** Inodes of TCP sockets that listen, in the network that the process is in. */
function listeningInodes(pid: number): ReadonlySet<string> {
	return new Set(
		['tcp', 'tcp6'].flatMap((table) =>
			readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
				.split('\n')
				.slice(1)
				.map((row) => row.trim().split(/\s+/))
				.flatMap((fields) => (fields[3] === TCP_LISTEN && fields[9] ? [fields[9]] : [])),
		),
	);
}

/** Each throws where the process, or one of its files, is gone meanwhile; those are not open any more. */
function orNothing<T>(read: () => T, nothing: T): T {
	try {
		return read();
	} catch {
		return nothing;
	}
}

/** How many listening TCP sockets the processes hold open. @param tree the first one's network is looked at */
export function listeningSockets(tree: readonly number[]): number {
	const [first = 0] = tree;
	const inodes = listeningInodes(first);
	const links = tree.flatMap((pid) =>
		orNothing(() => readdirSync(`/proc/${pid}/fd`), []).map((fd) => orNothing(() => readlinkSync(`/proc/${pid}/fd/${fd}`), '')),
	);
	return links.filter((link) => inodes.has(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? '')).length;
}
