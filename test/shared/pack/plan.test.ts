import { describe, expect, it } from 'vitest';
import { NOT_IN_THIS_VERSION } from '#audit';
import { compareText, sha256Hex } from '#kernel';
import { type Block, type Cell, findingsFile, flatName, type PackInput, parseManifest, planPack } from '#pack';
import { emptyInput, fixtureInput, writtenFinding } from './fixtureInput.ts';

const blocksOf = (input: PackInput, section: string): readonly Block[] =>
	planPack(input).sections.find(({ title }) => title === section)?.blocks ?? [];

const wordsOfCell = (cell: Cell): string => {
	if (typeof cell === 'string') return cell;
	if ('chip' in cell) return `${cell.chip.glyph} ${cell.chip.label}`;
	if ('pageOf' in cell) return `page of ${cell.pageOf}`;
	return cell.paragraphs.map((words) => (typeof words === 'string' ? words : words.map(({ text }) => text).join(''))).join('\n');
};

/** Every word of a plan, as somebody would read it aloud. */
function wordsOf(blocks: readonly Block[]): string {
	return blocks
		.map((block) => {
			switch (block.kind) {
				case 'heading':
					return `${block.number} ${block.text} ${(block.chips ?? []).map(({ glyph, label }) => `${glyph} ${label}`).join(' ')}`;
				case 'text':
				case 'callout':
					return typeof block.words === 'string' ? block.words : block.words.map(({ text }) => text).join('');
				case 'list':
					return block.items.map((item) => (typeof item === 'string' ? item : item.map(({ text }) => text).join(''))).join('\n');
				case 'facts':
					return block.rows
						.map(({ label, value }) => `${label}: ${typeof value === 'string' ? value : value.map(({ text }) => text).join('')}`)
						.join('\n');
				case 'table':
					return [...block.rows].map((row) => row.map(wordsOfCell).join(' | ')).join('\n') || (block.empty ?? '');
				case 'tally':
					return block.parts.map(({ label, count }) => `${label} ${count}`).join('\n');
				case 'columns':
					return block.parts.map((part) => wordsOf(part.blocks)).join('\n');
				case 'timeline':
					return block.stops.map(({ title, status, elapsed }) => `${elapsed ?? ''} ${title} ${status.label}`).join('\n');
				default:
					return '';
			}
		})
		.join('\n');
}

describe('a plan', () => {
	it('is a value: the same input gives the same plan', () => {
		const words = (input: PackInput) => planPack(input).sections.map(({ title, blocks }) => [title, wordsOf(blocks)]);
		expect(words(fixtureInput())).toEqual(words(fixtureInput()));
	});

	it('may be read twice: tables give their rows again', () => {
		const [table] = blocksOf(fixtureInput(), 'Results by test').filter((block) => block.kind === 'table');
		if (table?.kind !== 'table') throw new Error('the results have a table');
		expect([...table.rows]).toEqual([...table.rows]);
	});

	it('refuses a date that is none: that is a bug of the caller', () => {
		expect(() => planPack({ ...fixtureInput(), created: 'yesterday' })).toThrow(/instant/);
	});

	it('names every anchor once', () => {
		const anchors = planPack(fixtureInput()).sections.flatMap(({ blocks }) =>
			blocks.flatMap((block) => (block.kind === 'heading' ? [block.anchor] : [])),
		);
		expect(new Set(anchors).size).toBe(anchors.length);
	});
});

describe('the manifest', () => {
	it('lists every attachment with its hash and size, sorted, and not itself', () => {
		const { attachments, manifest } = planPack(fixtureInput());
		const parsed = parseManifest(manifest.bytes);
		if (!parsed.ok) throw new Error(parsed.error.detail);
		expect(parsed.value.files.map(({ name, sha256, size }) => [name, sha256, size])).toEqual(
			attachments.map(({ name, bytes }) => [name, sha256Hex(bytes), bytes.length]),
		);
		const names = parsed.value.files.map(({ name }) => name);
		expect(names).toEqual([...names].sort(compareText));
		expect(manifest.sha256).toBe(sha256Hex(manifest.bytes));
	});

	it('demands the preparer and leaves the reviewer free', () => {
		expect(planPack(emptyInput()).manifest.value.roles).toEqual([
			{ field: 'Preparer', required: true },
			{ field: 'Reviewer', required: false },
		]);
	});

	it.each([
		['a slash', 'a/b.txt'],
		['a leading point', '.hidden'],
		['the manifest’s own name', 'manifest.json'],
	])('an attachment whose name is %s is a bug of the caller', (_what, name) => {
		const input = fixtureInput();
		const [first] = input.attachments;
		if (first === undefined) throw new Error('the fixture has attachments');
		expect(() => planPack({ ...input, attachments: [{ ...first, name }] })).toThrow(/attachment name/);
	});

	it('two attachments of one name are a bug of the caller', () => {
		const input = fixtureInput();
		expect(() => planPack({ ...input, attachments: [...input.attachments, ...input.attachments] })).toThrow(/once/);
	});
});

describe('flat names', () => {
	it('are ASCII, unique without regard to case, and keep the ending', () => {
		const used = new Set<string>();
		const names = ['a/b.txt', 'A/B.TXT', 'Übergabe Ω.pdf', '../../etc/passwd', '', '中文', `${'x'.repeat(300)}.ndjson`].map((path) =>
			flatName(path, used),
		);
		expect(names).toEqual(['a__b.txt', 'A__B-2.TXT', 'U-bergabe-.pdf', 'etc__passwd', 'file', 'file-2', `${'x'.repeat(108)}.ndjson`]);
		for (const name of names) expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$/);
	});
});

describe('results by test', () => {
	it('come with the gravest exceptions first, passed ones last', () => {
		const order = blocksOf(fixtureInput(), 'Results by test').flatMap((block) =>
			block.kind === 'heading' && block.level === 2 ? [block.text.slice(0, 3)] : [],
		);
		expect(order).toEqual(['T18', 'T01', 'T16', 'T47', 'T08', 'T33']);
	});

	it('print rule, parameters with values and units, source, population and hashes', () => {
		const words = wordsOf(blocksOf(fixtureInput(), 'Results by test'));
		expect(words).toContain('An exception is: delivered quantity exceeds invoiced minus credited, more than 5 business days before as_of');
		expect(words).toContain('Parameters: grace_days 5 business days  Days a delivery may wait for its invoice');
		expect(words).toContain('Source: ASC 606-10-25-23');
		expect(words).toMatch(/Population: 48,211 records {2}[0-9a-f]{64}/);
		expect(words).toMatch(/Result hash: version 1 {2}[0-9a-f]{64}/);
	});

	it('print amounts exactly, in the currency’s own unit, beyond what a JSON number holds', () => {
		const words = wordsOf(blocksOf(fixtureInput(), 'Results by test'));
		expect(words).toContain('9,007,199,254,740.993 KWD');
		expect(words).toContain('88,000 JPY');
		expect(words).toContain('12,480.00 EUR');
	});

	it('lead to the order’s timeline, where there is one', () => {
		const rows = blocksOf(fixtureInput(), 'Results by test').flatMap((block) =>
			block.kind === 'table' && block.columns.at(-1)?.head === 'Timeline' ? [...block.rows] : [],
		);
		const timelines = rows.map((row) => wordsOfCell(row.at(-1) ?? ''));
		expect(timelines.filter((timeline) => timeline !== '—')).toHaveLength(11);
		expect(timelines).toContain('7.1');
	});

	it('are told with what could not be judged, though exceptions were found', () => {
		expect(wordsOf(blocksOf(fixtureInput(), 'Results by test'))).toContain('can’t be judged yet');
	});

	it('list what was not testable or incomplete with the reason', () => {
		const words = wordsOf(blocksOf(fixtureInput(), 'Tests without a conclusion'));
		expect(words).toContain('T50 | Split below a limit | High | The parameter limit_minor was not given');
		expect(words).toContain('T58 | Stale order | 212 lines of order_event were quarantined');
	});

	it('add up to the exceptions of the cover, those of incomplete tests included', () => {
		expect(wordsOf(blocksOf(fixtureInput(), 'Results by test'))).toContain(
			'6 tests, 305 exceptions. With the 1 of tests left incomplete (next chapter) these are the 306 of the cover.',
		);
		expect(wordsOf(planPack(fixtureInput()).sections[0]?.blocks ?? [])).toContain('306 exceptions by severity');
	});

	it('mark tests with exceptions that could not judge all of their records, on the cover too', () => {
		const input = fixtureInput();
		const tests = input.result.tests.map((result) => (result.verdict === 'exception' ? { ...result, why: null } : result));
		const judged = { ...input, result: { ...input.result, tests } };
		for (const [is, words] of [
			[input, 'Fulfilled, not invoiced  ▲ not all judged | High'],
			[judged, 'Fulfilled, not invoiced | High'],
		] as const)
			expect(wordsOf(blocksOf(is, 'Results by test'))).toContain(words);
		const cover = (is: PackInput) => wordsOf(planPack(is).sections[0]?.blocks ?? []);
		expect(cover(input)).toContain('1 of the tests with exceptions could not judge all of their records');
		expect(cover(judged)).not.toContain('could not judge');
	});

	it('keep every test of the result somewhere', () => {
		const words = ['Results by test', 'Tests without a conclusion'].map((section) => wordsOf(blocksOf(fixtureInput(), section))).join('\n');
		for (const { test, title } of fixtureInput().result.tests) expect(words).toContain(`${test} ${test === 'T50' ? '| ' : ''}${title}`);
	});
});

describe('the cover', () => {
	it('counts verdicts, severities, sealed tables and passports, and gives no verdict of its own', () => {
		const words = wordsOf(planPack(fixtureInput()).sections[0]?.blocks ?? []);
		for (const line of ['with exceptions 4', 'incomplete 1', 'not testable 1', 'passed 2', 'critical 2', 'high 302', 'medium 1', 'low 1'])
			expect(words).toContain(line);
		expect(words).toContain('order_event | 48,211 | 2 | 1 | ✕ Altered');
		expect(words).toContain('revenue_event | 9,118 | 1 | 0 | ✓ Verified');
		expect(words).toContain('▲  payment  not declared');
		expect(words).toContain('There is no overall verdict.');
	});
});

describe('data passports', () => {
	it('show declared and found side by side, and what differs', () => {
		const words = wordsOf(blocksOf(fixtureInput(), 'Data passports'));
		expect(words).toContain('Rows | 9,120 | 9,119 | ✕ differs');
		expect(words).toContain('Control total of total_minor, minor units | 1,234,567,890 | 1,234,565,441 | ✕ differs');
		expect(words).toContain('Rows | — | 48,211 | – not compared');
		expect(words).toContain('48,213 | 12,345,001 | invalid UTF-8 at byte 12,345,077');
	});

	it('compare control totals as their producer spells them, however they are printed', () => {
		const input = fixtureInput();
		const ipe = input.ipe.map((passport) => ({
			...passport,
			declared: passport.declared && { ...passport.declared, controlTotals: { quantity: '1,234' } },
			found: passport.found && { ...passport.found, controlTotals: { quantity: '1234' } },
		}));
		expect(wordsOf(blocksOf({ ...input, ipe }, 'Data passports'))).toContain('Control total of quantity | 1,234 | 1,234 | ✕ differs');
	});
});

describe('the scope', () => {
	const scope = (input: PackInput): string => wordsOf(blocksOf(input, 'Scope and method'));
	const input = fixtureInput();

	it('counts the records without the lines that were set aside, and says how many those are', () => {
		const aside = input.ipe.reduce((sum, { quarantined }) => sum + quarantined.length, 0);
		const rows = input.ipe.reduce((sum, { found }) => sum + (found?.rows ?? 0), 0);
		expect(aside).toBeGreaterThan(0);
		expect(scope(input)).toContain(`It rests on ${(rows - aside).toLocaleString('en-US')} records`);
		expect(scope(input)).toContain(`${aside} lines could not be read and were set aside`);
		expect(scope({ ...input, ipe: input.ipe.map((passport) => ({ ...passport, quarantined: [] })) })).not.toContain('could not be read');
	});

	it('tells tests that could not be run on the data from those that this version does not have, and from those nobody asked for', () => {
		expect(scope(input)).toContain('8 of the 8 in the catalogue: 7 were run on this data, 1 could not be run on it');
		const tests = input.result.tests.map((result) => (result.test === 'T50' ? { ...result, why: NOT_IN_THIS_VERSION } : result));
		const asked = { ...input, result: { ...input.result, tests: tests.slice(1) } };
		expect(scope(asked)).toContain('7 of the 8 in the catalogue: 6 were run on this data, 1 are not in this version of Tieout');
		expect(wordsOf(blocksOf(asked, 'Tests without a conclusion'))).toContain('this version of Tieout does not have this test');
	});

	it('says when the pack is older than its data, and only then', () => {
		expect(scope(input)).not.toContain('before the instant of its data');
		expect(scope({ ...input, created: '2027-01-14T23:59:59.999Z' })).toContain(
			'2027-01-14 23:59:59.999 UTC, before the instant of its data',
		);
	});
});

describe('timelines', () => {
	it('say how each event’s hash stands, and never call verified what is not', () => {
		const words = wordsOf(blocksOf(fixtureInput(), 'Order timelines'));
		expect(words).toContain('5  order.held Link broken');
		expect(words).toContain('6  line.delivered Withheld');
		expect(words.match(/Not verifiable/g)).toHaveLength(7);
	});

	it('say first when the table as a whole is not verified, though single events are', () => {
		const words = (verdict: 'altered' | 'verified'): string => {
			const input = fixtureInput();
			const events = input.result.integrity['order_event'] ?? { rows: 0, verdict, problems: [] };
			const integrity = { ...input.result.integrity, order_event: { ...events, verdict } };
			return wordsOf(blocksOf({ ...input, result: { ...input.result, integrity } }, 'Order timelines'));
		};
		expect(words('altered')).toContain('speaks of that event alone');
		expect(words('verified')).not.toContain('speaks of that event alone');
	});

	it('say when an order has no events at all', () => {
		expect(wordsOf(blocksOf(fixtureInput(), 'Order timelines'))).toContain('its history is not known');
	});

	it('tell an event that happened before the one in front of it', () => {
		const input = fixtureInput();
		const [timeline] = input.timelines;
		const [first, second] = timeline?.events ?? [];
		if (timeline === undefined || first === undefined || second === undefined) throw new Error('the fixture has events');
		const words = wordsOf(
			blocksOf({ ...input, timelines: [{ ...timeline, events: [second, { ...first, orderSeq: 3 }] }] }, 'Order timelines'),
		);
		expect(words).toContain('3 d earlier 3  order.booked');
	});
});

describe('written findings', () => {
	const finding = writtenFinding();
	const wordsWith = (...findings: PackInput['findings']): string => wordsOf(blocksOf({ ...fixtureInput(), findings }, 'Findings'));

	it('say every part, every piece of evidence and every sign-off', () => {
		const words = wordsWith(finding);
		expect(words).toContain('F-001  Revenue before acceptance');
		for (const { heading, text } of finding.parts) expect(words).toContain(`${heading}\n${text}`);
		for (const { label, sha256 } of finding.evidence) {
			expect(words).toContain(label);
			if (sha256 !== null) expect(words).toContain(sha256);
		}
		for (const { name, sha256 } of finding.signoffs) {
			expect(words).toContain(name);
			expect(words).toContain(sha256);
		}
	});

	it('say what has changed since they were signed, and only then', () => {
		expect(wordsWith(finding)).not.toContain('Δ');
		const [first, ...others] = finding.signoffs;
		if (!first) throw new Error('the finding is signed');
		const words = wordsWith({ ...finding, signoffs: [{ ...first, changed: ['effect'] }, ...others] });
		expect(words).toContain(`${first.name} signed this finding as prepared. Since then it was changed: effect.`);
		expect(words).toContain('Δ Changed');
	});

	it('name no attachment that is not in the pack', () => {
		const [first] = finding.evidence;
		if (!first) throw new Error('the finding has evidence');
		expect(wordsWith({ ...finding, evidence: [{ ...first, attachment: 'lines__nowhere.ndjson' }] })).toContain('not embedded');
	});

	it('say which of their words lie in a conflict that nobody has settled, and only then', () => {
		expect(wordsWith(finding)).not.toContain('conflict');
		const words = wordsWith({ ...finding, contested: ['title', 'effect'] });
		expect(words).toContain('Revenue before acceptance  ▲ in conflict | ');
		expect(words).toContain('without having seen each other’s change: title, effect.');
	});

	it('never say of all of them that somebody signed', () => {
		expect(wordsWith({ ...finding, signoffs: [] })).not.toMatch(/people who signed/);
	});

	it('say that nobody has signed, and that nothing is linked', () => {
		const words = wordsWith({ ...finding, evidence: [], signoffs: [], state: 'draft' });
		expect(words).toContain('Nobody has signed this finding.');
		expect(words).toContain('Evidence: none is linked');
		expect(words).toContain('▲ Draft');
	});

	it('stand beside plain ones, and travel as data, which plain ones do not', () => {
		expect(wordsWith('A plain one.', finding)).toMatch(/1 Finding 1[\s\S]*F-001/);
		expect(findingsFile(['A plain one.'])).toBeNull();
		const file = findingsFile(['A plain one.', finding]);
		expect(JSON.parse(new TextDecoder().decode(file?.bytes))).toEqual({ format: 'tieout-findings/1', findings: [finding] });
	});
});
