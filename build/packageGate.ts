/**
 * What may become a package that people get: item 16 of Electron's security checklist. Pure, so that every rule has its table in the
 * tests. Three answers, not two: an Electron whose age nobody can tell is not released either.
 */

export type ElectronAge = { readonly kind: 'current' } | { readonly kind: 'outdated' | 'unknown'; readonly reason: string };

/** Electron mends its newest three major versions. */
const SUPPORTED_MAJORS = 3;
/** So long may a newer patch of the same major be out before a release must have it. */
const GRACE_DAYS = 14;
const DAY_MS = 86_400_000;

const stableVersion = /^(\d+)\.(\d+)\.(\d+)$/;

const majorOf = (version: string): number => Number(stableVersion.exec(version)?.[1] ?? Number.NaN);

/** Negative where the first is the older one. */
function compareVersions(a: string, b: string): number {
	const [left, right] = [a, b].map((version) => version.split('.').map(Number));
	for (let at = 0; at < 3; at++) {
		const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
		if (difference !== 0) return difference;
	}
	return 0;
}

/** Whether an Electron is at or above the floor below which it gets no security fixes. */
export const isAboveFloor = (version: string, floorMajor: number): boolean => majorOf(version) >= floorMajor;

/**
 * @param published when each version came out, as the registry says: `npm view electron time`. Other keys than versions are ignored
 * @param now ms since 1970
 */
export function ageOfElectron(pinned: string, published: Readonly<Record<string, string>>, now: number): ElectronAge {
	const versions = Object.keys(published).filter((version) => stableVersion.test(version));
	if (versions.length === 0) return { kind: 'unknown', reason: 'the registry did not say when which Electron came out' };
	if (!versions.includes(pinned)) return { kind: 'unknown', reason: `the registry knows no stable Electron ${pinned}` };
	const newestMajor = Math.max(...versions.map(majorOf));
	if (majorOf(pinned) <= newestMajor - SUPPORTED_MAJORS)
		return { kind: 'outdated', reason: `Electron ${pinned} gets no fixes any more: ${newestMajor} is out` };
	const successors = versions
		.filter((version) => majorOf(version) === majorOf(pinned) && compareVersions(version, pinned) > 0)
		.toSorted(compareVersions)
		.map((version) => ({ version, age: now - Date.parse(published[version] ?? '') }));
	const undated = successors.find(({ age }) => Number.isNaN(age));
	if (undated) return { kind: 'unknown', reason: `the registry did not say when Electron ${undated.version} came out` };
	const late = successors.find(({ age }) => age > GRACE_DAYS * DAY_MS);
	if (late === undefined) return { kind: 'current' };
	return { kind: 'outdated', reason: `Electron ${late.version} has been out for more than ${GRACE_DAYS} days; ${pinned} is pinned` };
}
