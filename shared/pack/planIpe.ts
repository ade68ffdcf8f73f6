/** Information produced by the entity: one passport a table, declared against found (AS 1105.10). */
import { compareText } from '#kernel';
import { type Block, type Cell, paragraphs, type Section, text } from './planBlocks.ts';
import { bytes, chipFor, grouped, hashRun, IPE_CHIPS, instant, integer, plural, titled } from './planFormat.ts';
import type { IpePassport, PackInput, TableMeasure } from './planInput.ts';

export function planIpe({ ipe }: PackInput, number: string): Section {
	const blocks: Block[] = [
		{ kind: 'heading', level: 1, number, text: 'Data passports', anchor: 'ipe', listed: true },
		text(
			'Where each table came from, and whether it is what its producer declared it to be. “As declared” means that rows, bytes, SHA-256 and every control total agree; it says nothing about the truth of a record.',
			'lead',
		),
	];
	if (ipe.some(({ declared, found }) => [declared, found].some((measure) => Object.keys(measure?.controlTotals ?? {}).length > 0)))
		blocks.push(
			text(
				'A control total is the sum of a column over all rows. A column of amounts is added up in minor units, whatever their currencies.',
				'small',
			),
		);
	for (const [i, passport] of ipe.entries()) blocks.push(...passportBlocks(passport, `${number}.${i + 1}`));
	if (ipe.length === 0) blocks.push(text('No table was supplied.'));
	return { title: 'Data passports', blocks };
}

function passportBlocks(passport: IpePassport, number: string): Block[] {
	const { table, verdict, declared, found, quarantined } = passport;
	const blocks: Block[] = [
		{ kind: 'heading', level: 2, number, text: table, anchor: `ipe-${table}`, listed: true, chips: [chipFor(IPE_CHIPS, verdict)] },
		{
			kind: 'facts',
			columns: 4,
			// A file’s name in one line, and the instant in one.
			weights: [1, 1.4, 1.06, 0.64],
			rows: [
				{ label: 'Source system', value: passport.system ?? 'not declared' },
				{ label: 'File in the drop', value: [{ text: passport.file, mono: true }] },
				{ label: 'Extracted at', value: passport.extractedAt === null ? 'not declared' : instant(passport.extractedAt) },
				{ label: 'Extracted by', value: passport.extractedBy ?? 'not declared' },
			],
		},
	];
	if (passport.query !== null && passport.query !== '')
		blocks.push(text('Query', 'label'), { kind: 'code', lines: passport.query.split('\n'), keep: true });
	blocks.push(comparison(declared, found, passport));
	if (quarantined.length > 0) blocks.push(...quarantineBlocks(passport));
	return blocks;
}

function comparison(declared: TableMeasure | null, found: TableMeasure | null, { table, differences }: IpePassport): Block {
	const rows: Cell[][] = [];
	const add = (what: string, left: string | null, right: string | null, write: (value: string) => Cell = (value) => value) => {
		const agrees = left !== null && right !== null && left === right;
		const show = (value: string | null): Cell => (value === null ? '—' : write(value));
		const word: Cell = agrees
			? paragraphs([{ text: '✓ agrees', tone: 'pass', bold: true }])
			: paragraphs([
					left === null || right === null
						? { text: '– not compared', tone: 'neutral', bold: true }
						: { text: '✕ differs', tone: 'fail', bold: true },
				]);
		rows.push([what, show(left), agrees && write === hashCell ? 'the same' : show(right), word]);
	};
	add(
		'Rows',
		optional(declared, ({ rows: count }) => integer(count)),
		optional(found, ({ rows: count }) => integer(count)),
	);
	add(
		'Bytes',
		optional(declared, (measure) => bytes(measure.bytes)),
		optional(found, (measure) => bytes(measure.bytes)),
	);
	add(
		'SHA-256',
		optional(declared, ({ sha256 }) => sha256),
		optional(found, ({ sha256 }) => sha256),
		hashCell,
	);
	const columns = [...new Set([...Object.keys(declared?.controlTotals ?? {}), ...Object.keys(found?.controlTotals ?? {})])].sort(
		compareText,
	);
	for (const column of columns)
		add(
			`Control total of ${column}${column.endsWith('_minor') ? ', minor units' : ''}`,
			optional(declared, ({ controlTotals }) => controlTotals[column] ?? null),
			optional(found, ({ controlTotals }) => controlTotals[column] ?? null),
			grouped,
		);
	// What verification found beyond the figures above is never left out.
	const told = new Set(['rows', 'bytes', 'sha256', 'control_total']);
	for (const { what, declared: left, found: right } of differences)
		if (!told.has(what) || declared === null || found === null) add(titled(what), left, right);
	return {
		kind: 'table',
		tagging: 'cells',
		continued: table,
		together: true,
		columns: [
			{ head: 'Measure' },
			{ head: 'Declared', maxShare: 0.42 },
			{ head: 'Found', maxShare: 0.42 },
			{ head: 'Agreement', firm: true },
		],
		rows,
	};
}

const hashCell = (sha256: string): Cell => paragraphs([hashRun(sha256)]);

const optional = <T>(measure: TableMeasure | null, read: (measure: TableMeasure) => T): T | null =>
	measure === null ? null : read(measure);

function quarantineBlocks({ table, file, quarantined }: IpePassport): Block[] {
	return [
		{
			kind: 'callout',
			tone: 'warn',
			title: `▲ ${plural(quarantined.length, 'line')} set aside`,
			words: `These lines of ${file} could not be read as records. They count as rows and bytes, but are in no control total and were judged by no test but those of integrity; no test that reads ${table} is called passed.`,
		},
		{
			kind: 'table',
			tagging: quarantined.length > 200 ? 'rows' : 'cells',
			dense: true,
			continued: `${table}: lines set aside`,
			columns: [{ head: 'Line', align: 'right', firm: true }, { head: 'Byte offset', align: 'right', firm: true }, { head: 'Reason' }],
			rows: quarantined.map(({ line, offset, reason }) => [integer(line), integer(offset), reason]),
		},
	];
}
