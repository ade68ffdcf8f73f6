/** Parameters of tests: defaults from the catalogue, overridden by the engagement's own, checked before anything runs. */
import { err, invariant, ok, parseDecimal, type Result } from '#kernel';
import type { AuditTest, ParameterSpec, ParameterValue } from './types.ts';

export type Overrides = Readonly<Record<string, Readonly<Record<string, ParameterValue>>>>;

/** Overrides as a person gives them: not checked yet. */
export type GivenOverrides = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface ParameterError {
	readonly code: 'unknown_test' | 'unknown_parameter' | 'bad_parameter';
	readonly detail: string;
}

/**
 * The overrides as tests take them, every one naming a test and parameter of the catalogue and having its kind of value.
 * A decimal may be given as a JSON number: it becomes its shortest decimal text, 0.1 the exact tenth.
 */
export function checkOverrides(overrides: GivenOverrides, catalogue: readonly AuditTest[]): Result<Overrides, ParameterError> {
	const read: Record<string, Record<string, ParameterValue>> = {};
	for (const [id, values] of Object.entries(overrides)) {
		const test = catalogue.find((candidate) => candidate.id === id);
		if (!test) return err({ code: 'unknown_test', detail: `there is no test ${id}; \`audit --tests list\` shows the catalogue` });
		const own: Record<string, ParameterValue> = {};
		for (const [name, value] of Object.entries(values)) {
			const spec = test.parameters.find((parameter) => parameter.name === name);
			if (!spec) {
				const names = test.parameters.map((parameter) => parameter.name).join(', ') || 'none';
				return err({ code: 'unknown_parameter', detail: `test ${id} has no parameter ${name}; it has ${names}` });
			}
			const kept = valueLike(spec, value);
			if (kept === null)
				return err({
					code: 'bad_parameter',
					detail: `${id}.${name} is ${JSON.stringify(value)}; expected ${expectation(spec)} (${spec.unit})`,
				});
			own[name] = kept;
		}
		read[id] = own;
	}
	return ok(read);
}

const isDecimalSpec = (spec: ParameterSpec): boolean => typeof spec.default === 'string' && parseDecimal(spec.default).ok;

/** The value as its parameter is kept, or null where it is of another kind or below zero. */
function valueLike(spec: ParameterSpec, value: unknown): ParameterValue | null {
	if (typeof spec.default === 'number') return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value + 0 : null;
	if (!isDecimalSpec(spec)) return typeof value === 'string' ? value : null;
	const text = typeof value === 'number' ? plainDecimal(value) : value;
	return typeof text === 'string' && !text.startsWith('-') && parseDecimal(text).ok ? text : null;
}

/** The shortest decimal text that reads back as this number, without an exponent; null where there is none. */
function plainDecimal(value: number): string | null {
	if (!Number.isFinite(value)) return null;
	const [mantissa = '', exponent] = String(value + 0).split('e');
	if (exponent === undefined) return mantissa;
	const [whole = '', fraction = ''] = mantissa.split('.');
	const point = whole.length + Number(exponent);
	const digits = whole + fraction;
	if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`;
	return point >= digits.length ? digits.padEnd(point, '0') : `${digits.slice(0, point)}.${digits.slice(point)}`;
}

const expectation = (spec: ParameterSpec): string =>
	typeof spec.default === 'number' ? 'a whole number, 0 or more' : isDecimalSpec(spec) ? 'a decimal, 0 or more, such as 0.5' : 'a text';

/** The values a run uses, every parameter named. */
export function resolveParameters(test: AuditTest, overrides: Overrides): Record<string, ParameterValue> {
	return Object.fromEntries(test.parameters.map((spec) => [spec.name, overrides[test.id]?.[spec.name] ?? spec.default]));
}

/** Typed access to resolved parameters, for a test's context. Asking for one the test does not declare is a bug. */
export function parameterReader(test: AuditTest, values: Readonly<Record<string, ParameterValue>>) {
	const value = (name: string): ParameterValue => {
		const found = values[name];
		invariant(found !== undefined, `${test.id} declares the parameter ${name}`);
		return found;
	};
	return {
		number: (name: string): number => {
			const found = value(name);
			invariant(typeof found === 'number', `${test.id}.${name} is a whole number`);
			return found;
		},
		decimal: (name: string) => {
			const parsed = parseDecimal(String(value(name)));
			invariant(parsed.ok, `${test.id}.${name} is a decimal`);
			return parsed.value;
		},
		text: (name: string): string => String(value(name)),
	};
}
