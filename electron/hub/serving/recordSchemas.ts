/** JSON Schemas of the records that are taken in, made from the one table of the data model that also checks them. */
import { type Column, TABLE_NAMES, TABLES, type Table } from '#model';

type Json = Record<string, unknown>;

/** By table, as components of the API's description. */
export const recordSchemas = (): Record<string, Json> => Object.fromEntries(TABLE_NAMES.map((name) => [name, recordSchema(TABLES[name])]));

/** One record with the table it is of: a line of a batch. */
export const submittedSchema = (): Json => ({
	oneOf: TABLE_NAMES.map((name) => ({
		type: 'object',
		properties: {
			table: { const: name },
			record: { $ref: `#/components/schemas/${name}` },
			schema_version: { type: 'integer' },
			trace: { type: 'string', description: 'W3C traceparent of this record' },
			disclosures: {
				type: 'array',
				items: { type: 'string' },
				description: 'Of fields that the record commits to in `sd` (RFC 9901 construction)',
			},
		},
		required: ['table', 'record'],
		additionalProperties: false,
	})),
});

function recordSchema({ title, columns, sealed }: Table): Json {
	// A committed field has no value in the record, but then it stands in `sd`; the hub gives places itself.
	const required = columns.filter(({ nullable, name }) => !nullable && name !== 'order_seq');
	return {
		type: 'object',
		title,
		properties: Object.fromEntries(columns.map((column) => [column.name, columnSchema(column)])),
		...(sealed ? { 'x-sealed': true } : {}),
		required: required.map(({ name }) => name),
	};
}

function columnSchema({ type, nullable, values, doc }: Column): Json {
	const kind: Json = { ...KINDS[type], ...(values ? { enum: nullable ? [...values, null] : values } : {}), description: doc };
	return nullable ? { ...kind, type: [...[kind['type']].flat(), 'null'] } : kind;
}

const KINDS: Readonly<Record<Column['type'], Json>> = {
	id: { type: 'string', minLength: 1 },
	text: { type: 'string' },
	label: { type: ['string', 'integer'], minLength: 1 },
	int: { type: 'integer' },
	minor: { type: 'integer', description: 'Minor units of the currency' },
	qty: { type: 'string', pattern: '^-?\\d{1,18}(\\.\\d{1,6})?$' },
	decimal: { type: 'string', pattern: '^-?\\d+(\\.\\d+)?$' },
	ts: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' },
	date: { type: 'string', format: 'date' },
	period: { type: 'string', pattern: '^\\d{4}-\\d{2}$' },
	bool: { type: 'boolean' },
	cur: { type: 'string', pattern: '^[A-Z]{3}$' },
	sha: { type: 'string', pattern: '^[0-9a-f]{64}$' },
};
