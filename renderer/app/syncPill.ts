/** What the top bar says of the synchronisation, in a few words. Being offline is the normal state: only distrust is red. */
import { isDistrust, type SyncStop } from '#sync';
import { formatCount, formatTimeLocal } from './format.ts';

/** What the pill is made from. */
export interface SyncFacts {
	readonly isConnected: boolean;
	/** Milliseconds; null before the first synchronisation that came through. */
	readonly lastOkAt: number | null;
	readonly lastStop: SyncStop | null;
	/** What the hub gave of work papers contradicts what was seen before. */
	readonly isPapersDistrusted: boolean;
	/** The last look at the hub did not reach it. */
	readonly isOutOfReach: boolean;
	/** The hub has evidence that was not brought in yet. */
	readonly hasNews: boolean;
	/** Acts that nobody else has yet. */
	readonly toSend: number;
	/** Conflicts and refused acts that wait for a person. */
	readonly waiting: number;
	/** From 0 to 1; null: none runs, or it can't be told how far it is. */
	readonly isRunning: boolean;
	readonly share: number | null;
}

export interface SyncPillWords {
	readonly tone: 'neutral' | 'info' | 'warn' | 'fail';
	readonly glyph: string;
	readonly words: string;
	/** A sentence, for whoever stops there. */
	readonly title: string;
}

/** Stops that pass by themselves. */
const PASSING: ReadonlySet<SyncStop['code']> = new Set(['unreachable', 'timed_out', 'busy', 'cancelled']);

/** Whether a stop waits for a person: a token, an address, a certificate, or a company that has to explain itself. */
export const needsPerson = (stop: SyncStop | null): boolean => stop !== null && !PASSING.has(stop.code);

/** @param now milliseconds */
export function pillOf(facts: SyncFacts, now: number): SyncPillWords {
	const { isConnected, lastOkAt, lastStop, toSend, waiting } = facts;
	if (facts.isPapersDistrusted || (lastStop && isDistrust(lastStop)))
		return {
			tone: 'fail',
			glyph: '✕',
			words: 'Hub not believed',
			title: 'The hub contradicts what was seen before. Nothing of it was taken.',
		};
	if (facts.isRunning)
		return {
			tone: 'info',
			glyph: '◐',
			words: `Synchronising${facts.share === null ? '' : ` ${Math.floor(facts.share * 100)} %`}`,
			title: 'Work goes on meanwhile.',
		};
	const needs = waiting + (needsPerson(lastStop) ? 1 : 0);
	const tail = toSend > 0 ? ` · ${formatCount(toSend)} to send` : '';
	if (needs > 0)
		return {
			tone: 'warn',
			glyph: '▲',
			words: `Needs you · ${formatCount(needs)}`,
			title: `${lastStop && needsPerson(lastStop) ? lastStop.message : 'Conflicts or refused acts wait for a decision.'}${tail}`,
		};
	if (!isConnected)
		return {
			tone: 'neutral',
			glyph: '◌',
			words: `Offline${tail}`,
			title: 'This workstation needs no network, and nothing is sent anywhere. A hub is connected under Sync.',
		};
	const last = lastOkAt === null ? 'never synchronised' : `last sync ${when(lastOkAt, now)}`;
	if (facts.isOutOfReach)
		return {
			tone: 'neutral',
			glyph: '◌',
			words: `Offline · ${last}${tail}`,
			title: 'The hub can’t be reached now. Work goes on; nothing is lost.',
		};
	if (facts.hasNews)
		return {
			tone: 'info',
			glyph: '↓',
			words: `News at the hub · ${last}${tail}`,
			title: 'The hub has newer evidence. Sync now brings it in.',
		};
	return {
		tone: 'neutral',
		glyph: '●',
		words: `${last.replace(/^[a-z]/, (letter) => letter.toUpperCase())}${tail}`,
		title: 'Connected to a hub.',
	};
}

const days = new Intl.DateTimeFormat(undefined, { day: '2-digit', month: '2-digit' });

/** The time of day; with the day where it is not today's. */
function when(at: number, now: number): string {
	const isToday = new Date(at).toDateString() === new Date(now).toDateString();
	return isToday ? formatTimeLocal(at) : `${days.format(at)} ${formatTimeLocal(at)}`;
}
