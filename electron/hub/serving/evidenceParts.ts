/** What the routes that give evidence out read from. */

import type { Database } from '../database/databasePort.ts';
import type { HubKeys } from '../keys/hubKeys.ts';
import type { LogStore } from '../log/logPort.ts';
import type { Publications } from '../publications/publications.ts';
import type { DocumentFiles } from './documentFiles.ts';
import type { HubNews } from './news.ts';

export interface EvidenceParts {
	readonly database: Database;
	readonly keys: HubKeys;
	readonly log: LogStore;
	readonly publications: Publications;
	readonly documents: DocumentFiles;
	readonly news: HubNews;
}
