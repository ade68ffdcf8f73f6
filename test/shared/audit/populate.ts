/** Small populations from plain records, read through the same parser as a drop: what the tests of the audit room stand on. */
import { type AuditTest, type EvidenceFacts, type Overrides, runTest, type TestRun } from '#audit';
import { canonicalize, type Json, parseInstant, utf8 } from '#kernel';
import { isTableName, type TableName } from '#model';
import { type Population, PopulationBuilder } from '#population';

/** A record of a table as a drop would write it: a key that is absent equals null. */
export type Row = Readonly<Record<string, Json>>;
export type Tables = Readonly<Partial<Record<TableName, readonly Row[]>>>;

const AS_OF = '2027-01-15T00:00:00.000Z';

/** A table that is not named was not supplied; an empty list is a supplied table without rows. */
export function populate({ asOf = AS_OF, tables }: { readonly asOf?: string; readonly tables: Tables }): Population {
	const builder = new PopulationBuilder();
	for (const [name, rows] of Object.entries(tables)) {
		if (!isTableName(name)) throw new Error(`there is no table ${name}`);
		const pushed = builder.table(name).push(utf8(rows.map((row) => `${canonicalize(row)}\n`).join('')));
		if (!pushed.ok) throw new Error(`${name}: ${pushed.error.code}`);
	}
	const instant = parseInstant(asOf);
	if (!instant.ok) throw new Error(`${asOf} is no instant`);
	return builder.finish(instant.value);
}

/** As `populate`, for cases whose records must all be well formed: a quarantined line would make a test pass for the wrong reason. */
export function populateWhole(parts: { readonly asOf?: string; readonly tables: Tables }): Population {
	const population = populate(parts);
	for (const table of population.tables()) {
		const fault = table.quarantine[0];
		if (fault) throw new Error(`${table.schema.name} line ${fault.line}: ${fault.code} ${fault.column} ${fault.expected} ${fault.found}`);
	}
	return population;
}

/** What the verification of a sound drop establishes; override what a case needs. */
export function facts(overrides: Partial<EvidenceFacts> = {}): EvidenceFacts {
	return {
		integrity: {},
		ipe: [],
		documents: { present: 0, missing: [], altered: [] },
		periodFrom: '2026-01',
		periodTo: '2026-12',
		entityIds: ['E1'],
		tables: {},
		...overrides,
	};
}

/** Runs one test over well-formed records, through the engine. */
export function auditOf(
	test: AuditTest | undefined,
	tables: Tables,
	options: { readonly asOf?: string; readonly parameters?: Overrides[string]; readonly evidence?: Partial<EvidenceFacts> } = {},
): TestRun {
	if (!test) throw new Error('the test exists');
	const population = populateWhole({ tables, ...(options.asOf ? { asOf: options.asOf } : {}) });
	return runTest(test, population, facts(options.evidence), { [test.id]: options.parameters ?? {} });
}
