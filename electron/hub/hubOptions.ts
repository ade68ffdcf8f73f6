/** What a hub is opened with. */

import type { Database } from './database/databasePort.ts';
import type { Disk } from './log/disk.ts';
import type { ServerLimits } from './serving/limits.ts';
import type { OidcConfig } from './serving/oidc.ts';
import type { RateLimit } from './serving/rateLimit.ts';
import type { TlsOptions } from './serving/server.ts';

export interface HubOptions {
	/** Everything that is not in the database: logs, documents, files of publications, and the embedded database. */
	readonly folder: string;
	/** As `openDatabase` takes it; null: embedded, in the folder. */
	readonly database: string | null;
	/** Null: `master.key` in the folder, made on the first start. */
	readonly masterKeyFile: string | null;
	/** Null: nothing listens; for jobs and tests over the parts. */
	readonly listen: { readonly host: string; readonly port: number } | null;
	readonly tls: TlsOptions | null;
	readonly oidc: readonly OidcConfig[];
	readonly rateLimit: RateLimit;
	/** Milliseconds since 1970. */
	now(): number;
	/** Log lines to the standard output. */
	readonly isLogging: boolean;
	/** Where log lines go instead. */
	readonly logTo?: { write(line: string): void };
	/** Milliseconds; see `PublicationPorts`. */
	readonly publicationMinAgeMs?: number;
	readonly limits?: Partial<ServerLimits>;
	/** What the hub stands on in place of its own, which stays open when it closes: for tests that end it between two steps. */
	readonly beneath?: { readonly database: Database; readonly disk: Disk };
}

export const RATE_LIMIT: RateLimit = { burst: 400, perSecond: 200 };
