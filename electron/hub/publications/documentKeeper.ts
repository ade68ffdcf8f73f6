/** Notes which documents there are, so that publications can list them. */

import type { Database } from '../database/databasePort.ts';
import type { HubIntake } from '../intake/hubIntake.ts';
import type { Publications } from './publications.ts';

/**
 * A document is noted between two cuts and with a time behind the last one, so that the publication that counts it is the one that lists it.
 */
export function documentKeeper(database: Database, intake: HubIntake, cuts: Publications, now: () => number) {
	return async (tenant: string, sha256: string, bytes: number): Promise<void> => {
		const insert = () =>
			database.query(
				`INSERT INTO document (tenant, sha256, bytes, received_at)
				 SELECT $1, $2, $3, greatest($4::bigint, (SELECT max(created_at) + 1 FROM publication WHERE tenant = $1))
				 ON CONFLICT (tenant, sha256) DO NOTHING`,
				[tenant, sha256, bytes, cuts.behindCuts(tenant, now())],
			);
		// Where the log can't be written at the moment there is no cut either.
		if ((await intake.atRest(tenant, insert)) === null) await insert();
	};
}
