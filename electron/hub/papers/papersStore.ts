/** Work papers in the database: acts as they were signed, encrypted, and the order the hub gave them. */
import { type LoggedAct, loggedActSchema } from '#findings';
import { fromUtf8, utf8 } from '#kernel';
import { type OrderRecord, type PapersState, restorePapers } from '#sync';
import type { Database } from '../database/databasePort.ts';
import type { HubKeys } from '../keys/hubKeys.ts';

export interface PapersPlace {
	readonly tenant: string;
	readonly engagementId: string;
	readonly self: PapersState['self'];
}

const actId = ({ replica, seq }: Pick<LoggedAct, 'replica' | 'seq'>): string => `${replica}/${String(seq).padStart(10, '0')}`;

/** What is stored of an engagement; an empty state where nothing is. Throws where it does not read: nothing is built on a torn log. */
export async function loadPapers(database: Database, keys: HubKeys, { tenant, engagementId, self }: PapersPlace): Promise<PapersState> {
	const acts = await database.query<{ act: string }>('SELECT act FROM paper_act WHERE tenant = $1 AND engagement_id = $2 ORDER BY act_id', [
		tenant,
		engagementId,
	]);
	const order = await database.query<{ position: bigint; act_id: string }>(
		'SELECT position, act_id FROM paper_order WHERE tenant = $1 AND engagement_id = $2 ORDER BY position',
		[tenant, engagementId],
	);
	const logged = acts.map(({ act }) => {
		const text = fromUtf8(keys.decrypt(tenant, Buffer.from(act, 'base64')));
		return loggedActSchema.parse(JSON.parse(text ?? 'null'));
	});
	const byId = new Map(logged.map((each) => [actId(each), each]));
	const records = order.flatMap(({ position, act_id }): OrderRecord[] => {
		const act = byId.get(act_id);
		return act ? [{ position: Number(position), replica: act.replica, seq: act.seq, hash: act.hash }] : [];
	});
	const { state, problems } = restorePapers(engagementId, self, logged, records, null);
	const [problem] = problems;
	if (problem || records.length !== order.length)
		throw new Error(`work papers ${engagementId} are damaged: ${problem?.message ?? 'an act is missing'}`);
	return state;
}

/** Adds acts and positions, all or none. */
export async function addToPapers(
	database: Database,
	keys: HubKeys,
	{ tenant, engagementId }: PapersPlace,
	added: { readonly acts: readonly LoggedAct[]; readonly order: readonly OrderRecord[]; readonly principal: string; readonly at: number },
): Promise<void> {
	const { acts, order, principal, at } = added;
	await database.transaction(async (tx) => {
		await tx.query('INSERT INTO paper_engagement (tenant, engagement_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
			tenant,
			engagementId,
			at,
		]);
		await tx.copyIn(
			'paper_act',
			['tenant', 'engagement_id', 'act_id', 'act', 'received_at', 'principal'],
			acts.map((act) => [
				tenant,
				engagementId,
				actId(act),
				Buffer.from(keys.encrypt(tenant, utf8(JSON.stringify(act)))).toString('base64'),
				at,
				principal,
			]),
		);
		await tx.copyIn(
			'paper_order',
			['tenant', 'engagement_id', 'position', 'act_id'],
			order.map((record) => [tenant, engagementId, record.position, actId(record)]),
		);
	});
}

export async function engagementsOf(database: Database, tenant: string): Promise<readonly string[]> {
	const rows = await database.query<{ engagement_id: string }>(
		'SELECT engagement_id FROM paper_engagement WHERE tenant = $1 ORDER BY created_at, engagement_id',
		[tenant],
	);
	return rows.map(({ engagement_id }) => engagement_id);
}
