import { createHash } from 'node:crypto';
import { PDFArray, PDFBool, PDFDict, PDFHexString, PDFName, PDFString } from 'pdf-lib';
import { beforeAll, describe, expect, it } from 'vitest';
import { compareText, equalBytes } from '#kernel';
import { checkPack, parseManifest, planPack } from '#pack';
import { hasProgram } from '../../../build/outsideTools.ts';
import { nodeVerifyPorts } from '../../../electron/services/checkPorts.ts';
import { signPack } from '../../../electron/services/signPack.ts';
import { preparer, SIGNING_TIME, signerOf } from '../../electron/services/testAuthority.ts';
import { emptyInput, fixtureInput } from './fixtureInput.ts';
import { bookmarks, numberOf, type OpenPack, openPack, pageTexts, render, runTool, temporaryFile } from './packBytes.ts';

let pdf: Uint8Array;
let pack: OpenPack;
let path: string;

beforeAll(async () => {
	pdf = await render(fixtureInput());
	pack = await openPack(pdf);
	path = temporaryFile(pdf);
});

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

describe('the file', () => {
	it('has the same bytes for equal inputs', async () => {
		expect(equalBytes(await render(fixtureInput()), pdf)).toBe(true);
	});

	it('has other bytes, and another identifier, for another input', async () => {
		const other = await render({ ...fixtureInput(), packId: 'AP-2026-0043' });
		const identifier = (bytes: Uint8Array) => /\/ID \[ (<[0-9a-f]{32}>) \1 \]/.exec(latin1(bytes))?.[1];
		expect(identifier(pdf)).toBeDefined();
		expect(identifier(other)).not.toBe(identifier(pdf));
	});

	it('begins with its header, ends behind %%EOF and has one classic cross-reference table', () => {
		const text = latin1(pdf);
		expect(text.startsWith('%PDF-1.7\n%')).toBe(true);
		expect(text.endsWith('%%EOF\n')).toBe(true);
		expect(text.match(/\nxref\n/g)).toHaveLength(1);
		expect(text).not.toMatch(/\/Type \/ObjStm|\/Type \/XRef/);
	});

	it('says language, title and that it is tagged, in the catalog and in XMP alike', () => {
		const { catalog } = pack;
		expect(catalog.lookup(PDFName.of('Lang'), PDFString).asString()).toBe('en');
		expect(catalog.lookup(PDFName.of('MarkInfo'), PDFDict).lookup(PDFName.of('Marked'), PDFBool).asBoolean()).toBe(true);
		expect(catalog.lookup(PDFName.of('ViewerPreferences'), PDFDict).lookup(PDFName.of('DisplayDocTitle'), PDFBool).asBoolean()).toBe(true);
		const title = pack.document.getTitle() ?? '';
		expect(title).toBe('Audit pack AP-2026-0042: Müller & Søn Maschinenbau Ελλάς A.E. → 北京分公司, 2026-01 to 2026-12');
		const xmp = Buffer.from(pdf).toString('utf8');
		expect(xmp).toContain(`<rdf:li xml:lang="x-default">${title.replace('&', '&amp;')}</rdf:li>`);
		expect(xmp).toContain('<xmp:CreateDate>2027-02-01T10:00:00+00:00</xmp:CreateDate>');
		expect(pack.document.getCreationDate()?.toISOString()).toBe('2027-02-01T10:00:00.000Z');
	});

	it('holds every attachment with checksum, size, relationship and one flat name', () => {
		const { document, catalog } = pack;
		const files = catalog
			.lookup(PDFName.of('AF'), PDFArray)
			.asArray()
			.map((ref) => document.context.lookup(ref, PDFDict));
		const plan = planPack(fixtureInput());
		expect(files).toHaveLength(plan.attachments.length + 1);
		for (const [i, { name, bytes, relationship }] of plan.attachments.entries()) {
			const file = files[i] as PDFDict;
			expect(file.lookup(PDFName.of('F'), PDFString).asString()).toBe(name);
			expect(file.lookup(PDFName.of('UF'), PDFString).asString()).toBe(name);
			expect(file.lookup(PDFName.of('AFRelationship'))).toBe(PDFName.of(relationship));
			const stream = document.context.lookup(file.lookup(PDFName.of('EF'), PDFDict).get(PDFName.of('F')));
			const parameters = (stream as unknown as { dict: PDFDict }).dict.lookup(PDFName.of('Params'), PDFDict);
			expect(numberOf(parameters, 'Size')).toBe(bytes.length);
			expect(parameters.lookup(PDFName.of('CheckSum'), PDFHexString).asString()).toBe(createHash('md5').update(bytes).digest('hex'));
		}
	});

	it('signed by the preparer, it is VALID to the verifier, and every embedded file is what the manifest says', async () => {
		const signed = await signPack(pdf, signerOf(preparer), { field: 'Preparer', time: SIGNING_TIME, reason: 'Prepared' });
		if (!signed.ok) throw new Error(signed.error.detail);
		const report = await checkPack(signed.value, { ports: nodeVerifyPorts });
		expect(report.codes).toEqual([]);
		expect(report.verdict).toBe('VALID');
		expect(report.files).toEqual({ declared: 8, matching: 8 });
	});
});

describe('its pages', () => {
	it('lead somewhere with every link', () => {
		expect(pack.links.length).toBeGreaterThan(80);
		expect(pack.links.filter(({ name }) => !pack.destinations.has(name))).toEqual([]);
	});

	it('are all in the outline’s order, nested under their chapters', () => {
		const chapters = bookmarks(pack);
		expect(chapters.map(({ title }) => title.replace(/^\S+ {2}/, ''))).toEqual([
			'Result at a glance',
			'Contents',
			'Scope and method',
			'Findings',
			'Data passports',
			'Integrity verification',
			'Results by test',
			'Tests without a conclusion',
			'Order timelines',
			'Embedded files',
			'Signatures',
			'Verify and re-perform',
			'Glossary',
		]);
		const positions = chapters.flatMap(({ page, kids }) => [page, ...kids.map((kid) => kid.page)]);
		expect(positions).toEqual([...positions].sort((a, b) => a - b));
		expect(chapters.find(({ title }) => title.endsWith('Order timelines'))?.kids).toHaveLength(7);
	});

	it('show only glyphs their fonts have: no code 0 is ever drawn', () => {
		const strings = pack.contents.flatMap((content) => content.match(/\((?:\\.|[^\\()])*\)/gs) ?? []);
		expect(strings.length).toBeGreaterThan(1000);
		for (const string of strings) {
			const bytes = string.slice(1, -1).replace(/\\r/g, '\r').replace(/\\(.)/gs, '$1');
			for (let i = 0; i + 1 < bytes.length; i += 2) expect(bytes.slice(i, i + 2)).not.toBe('\0\0');
		}
	});

	it('balance their marks and text objects', () => {
		for (const content of pack.contents) {
			const operators = content.replace(/\((?:\\.|[^\\()])*\)/gs, '()');
			const count = (operator: string) => operators.match(new RegExp(`(?<![A-Za-z])${operator}(?![A-Za-z*])`, 'g'))?.length ?? 0;
			expect([count('BT'), count('BDC') + count('BMC'), count('q')]).toEqual([count('ET'), count('EMC'), count('Q')]);
		}
	});

	it('share one dictionary of resources and stand in a balanced tree', () => {
		const text = latin1(pdf);
		expect(
			new Set(
				text.match(/\/Type \/Page\n(?:(?!endobj).)*?\/Resources \d+ 0 R/gs)?.map((page) => page.slice(page.lastIndexOf('/Resources'))),
			),
		).toHaveProperty('size', 1);
		expect(text.match(/\/Type \/Pages\b/g)?.length).toBe(Math.ceil(pack.pages.length / 32) + 1);
	});
});

describe('with nothing supplied and nothing found', () => {
	it('a pack has all its chapters and says that they are empty', async () => {
		const empty = await openPack(await render(emptyInput()));
		expect(empty.links.filter(({ name }) => !empty.destinations.has(name))).toEqual([]);
		expect(bookmarks(empty).length).toBe(12);
	});
});

describe.skipIf(!hasProgram('qpdf'))('qpdf', () => {
	it('finds no fault in the syntax', () => {
		const { status, out } = runTool('qpdf', '--check', path);
		expect(out).toContain('No syntax or stream encoding errors found');
		expect(status).toBe(0);
	});
});

describe.skipIf(!hasProgram('pdfinfo'))('pdfinfo', () => {
	it('reads a cell of several lines, and an entry of the contents, with a space wherever there was one', async () => {
		const input = emptyInput();
		const tests = fixtureInput().result.tests.filter(({ test }) => test === 'T16');
		const small = temporaryFile(await render({ ...input, result: { ...input.result, tests } }));
		const { out } = runTool('pdfinfo', '-struct-text', small);
		expect(out).toContain('EUR on 2026-03-31 23:58 UTC, 2 days 4 hours before the acceptance that transfers control under contract');
		expect(out).toMatch(/"4\.1 T16 Revenue before transfer \(cut-off\) \d+"/);
	});
});

describe.skipIf(!hasProgram('pdfdetach'))('pdfdetach', () => {
	it('lists every embedded file once, sorted', () => {
		const names = runTool('pdfdetach', '-list', path)
			.out.split('\n')
			.flatMap((line) => /^\d+: (.+)$/.exec(line)?.[1] ?? []);
		const plan = planPack(fixtureInput());
		expect(names).toEqual([...plan.attachments.map(({ name }) => name), 'manifest.json'].sort(compareText));
	});

	it('takes out a manifest that the format’s own reader accepts', () => {
		const plan = planPack(fixtureInput());
		const target = `${path}.manifest`;
		expect(runTool('pdfdetach', '-savefile', 'manifest.json', '-o', target, path).status).toBe(0);
		expect(runTool('sha256sum', target).out.slice(0, 64)).toBe(plan.manifest.sha256);
		expect(parseManifest(plan.manifest.bytes).ok).toBe(true);
	});
});

describe.skipIf(!hasProgram('pdftotext'))('pdftotext', () => {
	let pages: string[];
	beforeAll(() => {
		pages = pageTexts(path);
	});

	it('finds every script, in the words they were given in', () => {
		const text = pages.join('\n');
		for (const words of [
			'Müller & Søn Maschinenbau Ελλάς',
			'北京分公司',
			'Ж. Иванова (u-002) as credit',
			'王小明',
			'김민수',
			'Αθηνά Νικολάου',
			'→ Werk Ελευσίνα',
			'✕ Altered',
			'M. Itō',
		])
			expect(text).toContain(words);
	});

	it('finds the manifest’s hash on the cover, in one piece', () => {
		expect(pages[0]).toContain(planPack(fixtureInput()).manifest.sha256);
	});

	it('never finds a single verdict on the cover', () => {
		expect(pages[0]).toContain('There is no overall verdict.');
		expect(pages[0]).not.toMatch(/\bPASS(ED)?\b|overall result|conclusion: /);
	});

	it('reads "page x of y" on every page', () => {
		expect(pages.map((page) => /Page (\d+) of (\d+)\s*$/.exec(page.trimEnd())?.slice(1).map(Number))).toEqual(
			pages.map((_, i) => [i + 1, pages.length]),
		);
	});

	it('reads the page numbers in the table of contents where the headings stand', () => {
		const contents = pages.slice(1, 3).join('\n');
		const listed = contents.split('\n').flatMap((line) => {
			const match = /^\s*(\d+(?:\.\d+)?|[AB](?:\.\d)?)\s{2,}(.+?)\s{2,}(\d+)$/.exec(line.trimEnd());
			return match === null ? [] : [{ number: match[1] as string, title: match[2] as string, page: Number(match[3]) }];
		});
		expect(listed.length).toBeGreaterThan(50);
		for (const { number, title, page } of listed) expect(pages[page - 1]).toMatch(new RegExp(`${escaped(number)}\\s+${escaped(title)}`));
	});

	it('never begins a page in the middle of a passport: its table stands under its name', () => {
		const begun = pages.map((page) => page.split('\n').filter((line) => line.trim() !== '')[1] ?? '');
		expect(begun.filter((line) => /^3\.\d+ /.test(line)).length).toBeGreaterThan(3);
		expect(begun.filter((line) => /^\s*Measure\s+Declared/.test(line))).toEqual([]);
	});

	it('reads the head of a long table on each of its pages, and what is continued', () => {
		const continued = pages.filter((page) => /5\.2\s+T01 Fulfilled, not invoiced, continued/.test(page));
		expect(continued.length).toBeGreaterThan(10);
		for (const page of continued) expect(page).toMatch(/No\.\s+Order and subject\s+Amount at risk\s+What was found\s+Timeline/);
	});

	it('reads the page of each order’s timeline in the index in front of them', () => {
		const index = pages.find((page) => /Section\s+Order\s+Events\s+Last state\s+Reported by\s+Page/.test(page)) ?? '';
		const listed = [...index.matchAll(/^\s*(7\.\d+)\s+(SO-2026-\d+)\s.*?(\d+)$/gm)];
		expect(listed).toHaveLength(7);
		for (const [, number = '', order = '', page = ''] of listed)
			expect(pages[Number(page) - 1]).toMatch(new RegExp(`${escaped(number)}\\s+Order ${order}`));
	});

	it('reads all 300 rows of a table, once each', () => {
		const text = pages.join('\n');
		for (let n = 1; n <= 300; n++)
			expect(text.match(new RegExp(`^\\s*${n}\\s+SO-2026-${String(n).padStart(6, '0')}\\s`, 'gm')) ?? [], `row ${n}`).not.toHaveLength(0);
		expect(text).toContain('SO-2026-000300');
		expect(text).not.toContain('SO-2026-000301');
	});
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
