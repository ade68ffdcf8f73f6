/** Parameters of tests: defaults from the catalogue, overridden by the engagement's own, checked before anything runs. */
import { err, invariant, ok, parseDecimal, type Result } from '#kernel';
import type { AuditTest, ParameterSpec, ParameterValue } from './types.ts';

export type Overrides = Readonly<Record<string, Readonly<Record<string, ParameterValue>>>>;

export interface ParameterError {
	readonly code: 'unknown_test' | 'unknown_parameter' | 'bad_parameter';
	readonly detail: string;
}

/** Whether every override names a test and parameter of the catalogue and has its kind of value. */
export function checkOverrides(overrides: Overrides, catalogue: readonly AuditTest[]): Result<void, ParameterError> {
	for (const [id, values] of Object.entries(overrides)) {
		const test = catalogue.find((candidate) => candidate.id === id);
		if (!test) return err({ code: 'unknown_test', detail: `there is no test ${id}; \`audit --tests list\` shows the catalogue` });
		for (const [name, value] of Object.entries(values)) {
			const spec = test.parameters.find((parameter) => parameter.name === name);
			if (!spec) {
				const names = test.parameters.map((parameter) => parameter.name).join(', ') || 'none';
				return err({ code: 'unknown_parameter', detail: `test ${id} has no parameter ${name}; it has ${names}` });
			}
			if (!isLike(spec, value))
				return err({
					code: 'bad_parameter',
					detail: `${id}.${name} is ${JSON.stringify(value)}; expected ${expectation(spec)} (${spec.unit})`,
				});
		}
	}
	return ok(undefined);
}

function isLike(spec: ParameterSpec, value: unknown): boolean {
	if (typeof spec.default === 'number') return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
	if (typeof value !== 'string') return false;
	return parseDecimal(spec.default).ok ? parseDecimal(value).ok : true;
}

const expectation = (spec: ParameterSpec): string =>
	typeof spec.default === 'number'
		? 'a whole number, 0 or more'
		: parseDecimal(spec.default).ok
			? 'a decimal in quotes, such as "0.5"'
			: 'a text';

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
