import { describe, expect, test } from 'vitest';
import { citingWords, differenceValue, IPE_VERDICTS, importSentence, judgeKey } from '../../../../renderer/screens/Data/ipe.ts';
import type { EvidenceSummary } from '../../../../renderer/vault/evidenceViews.ts';

const KEY = 'northlight.example/o2c+b2b0c4c8+AQO3gdF5b6ftkCyX0abpEZ4RBOaIoxqqgOLgSMm2v9T5';

describe('a key that is pasted', () => {
	test('none is none, and says so', () => {
		expect(judgeKey('  ', KEY).kind).toBe('empty');
	});

	test('something else than a verifier key is refused', () => {
		expect(judgeKey('hello', KEY).kind).toBe('unreadable');
		expect(judgeKey(KEY.slice(0, -1), KEY).kind).toBe('unreadable');
	});

	test('the very key that the drop claims is called so, white space aside', () => {
		expect(judgeKey(` ${KEY}\n`, KEY)).toEqual({ kind: 'claimed', name: 'northlight.example/o2c' });
	});

	test('another key than the claimed one is called so, and a key where none is claimed too', () => {
		expect(judgeKey(KEY, 'other.example+00000000+x').kind).toBe('other');
		expect(judgeKey(KEY, null).kind).toBe('alone');
	});
});

describe('what a drop is worth, in words', () => {
	test('only “as declared” looks like a pass', () => {
		const passing = Object.entries(IPE_VERDICTS).filter(([, { tone }]) => tone === 'pass');
		expect(passing.map(([verdict]) => verdict)).toEqual(['as_declared']);
	});

	test('an import says rows, what is not as declared and what was set aside, each for itself', () => {
		expect(importSentence({ rows: 10, quarantined: 0, differing: 0 })).toBe(
			'10 rows imported; every table is as declared; no line was set aside.',
		);
		expect(importSentence({ rows: 10, quarantined: 1, differing: 2 })).toBe(
			'10 rows imported; 2 files are not as declared; 1 line was set aside.',
		);
	});

	test('counts are grouped exactly, however long; hashes and totals stand as they are', () => {
		expect(differenceValue({ what: 'rows', declared: '', found: '' }, '9007199254740993').replace(/\D/g, '')).toBe('9007199254740993');
		expect(differenceValue({ what: 'control_total', declared: '', found: '' }, 'amount_minor: 12')).toBe('amount_minor: 12');
	});

	test('documents are called uncited with a warning, unless the table that cites them is there and whole', () => {
		const own = { table: 'document', verdict: 'as_declared', quarantined: 0 } as EvidenceSummary['tables'][number];
		expect(citingWords({ tables: [own] })).toBeNull();
		expect(citingWords({ tables: [] })).toMatch(/not supplied/);
		expect(citingWords({ tables: [{ ...own, verdict: 'missing' }] })).toMatch(/not supplied/);
		expect(citingWords({ tables: [{ ...own, quarantined: 2 }] })).toMatch(/^2 lines .* set aside/);
	});
});
