/** Who the hub says it is. */
import { tenantAnswerSchema } from '#sync';
import type { EvidenceParts } from './evidenceParts.ts';
import { EVERYBODY } from './page.ts';
import { refuse } from './problems.ts';
import { json, principalOf, type Route } from './route.ts';

export function aboutRoutes({ database, log }: Pick<EvidenceParts, 'database' | 'log'>): Route[] {
	return [
		{
			method: 'GET',
			path: '/v1/tenant',
			summary: 'Who the hub says it is: company, log, keys with their windows, witnesses',
			roles: EVERYBODY,
			answer: tenantAnswerSchema,
			async handle(asked) {
				const { tenant } = principalOf(asked);
				const [about] = await database.query<{ company: string; log: string; entity_ids: readonly string[] }>(
					'SELECT company, log, entity_ids FROM tenant WHERE tenant = $1',
					[tenant],
				);
				if (!about) refuse('not_found', 'There is no such tenant any more.');
				const witnesses = await database.query<{ vkey: string }>('SELECT vkey FROM witness WHERE tenant = $1 ORDER BY name', [tenant]);
				return json({
					tenant,
					company: about.company,
					log: about.log,
					log_keys: log.keys(tenant).map(({ vkey, from, to }) => ({ vkey, from, until: to ?? {} })),
					witnesses: witnesses.map(({ vkey }) => vkey),
					entity_ids: about.entity_ids,
				});
			},
		},
	];
}
