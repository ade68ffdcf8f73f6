/** Evidence out: who the hub is, publications, logs, tables, documents. */
import type { HubKeys } from '../keys/hubKeys.ts';
import type { Publications } from '../publications/publications.ts';
import type { Database, LogStore } from '../types.ts';
import { aboutRoutes } from './aboutRoutes.ts';
import { disclosureRoutes } from './disclosureRoutes.ts';
import { documentRoutes } from './documentRoutes.ts';
import { logRoutes } from './logRoutes.ts';
import type { HubNews } from './news.ts';
import { publicationRoutes } from './publicationRoutes.ts';
import type { Route } from './route.ts';
import { tableRoutes } from './tableRoutes.ts';

export interface EvidenceParts {
	readonly database: Database;
	readonly keys: HubKeys;
	readonly log: LogStore;
	readonly publications: Publications;
	readonly documents: DocumentFiles;
	readonly news: HubNews;
}

/** Bytes of documents, by tenant and hash. */
export interface DocumentFiles {
	/** Null where there is none. Throws where they are not those of the hash. */
	read(tenant: string, sha256: string): Promise<Uint8Array | null>;
	/** Durable when it resolves. */
	write(tenant: string, sha256: string, bytes: Uint8Array): Promise<void>;
}

export function evidenceRoutes(parts: EvidenceParts): Route[] {
	return [
		...aboutRoutes(parts),
		...publicationRoutes(parts),
		...logRoutes(parts),
		...disclosureRoutes(parts),
		...tableRoutes(parts),
		...documentRoutes(parts),
	];
}
