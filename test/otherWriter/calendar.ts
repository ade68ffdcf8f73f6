/** The group's entities, their clocks, and dice that always fall alike. */
import { sha256 } from './sealing.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const AS_OF = Date.parse('2026-12-17T21:00:00.000Z');
export const ts = (at: number): string => new Date(at).toISOString();

export type Entity = {
	readonly id: string;
	readonly key: 'jp' | 'kw' | 'br';
	readonly name: string;
	readonly country: string;
	readonly currency: string;
	readonly zone: string;
	readonly offset: number;
	readonly workdays: string;
	readonly open: string;
	readonly close: string;
	readonly weekend: readonly number[];
	readonly padded: boolean;
	/** Whether a null is written out or its key left away. */
	readonly writesNulls: boolean;
	readonly tax: string;
	readonly termDays: number;
};

export const ENTITIES: readonly Entity[] = [
	{
		id: '東京-01', key: 'jp', name: '日の出商事株式会社', country: 'JP', currency: 'JPY', zone: 'Asia/Tokyo', offset: 9, workdays: 'Mon-Fri', open: '09:00', close: '17:30',
		weekend: [0, 6], padded: false, writesNulls: false, tax: '0.10', termDays: 60,
	},
	{
		id: 'KW/02', key: 'kw', name: 'شركة الصفاة للمعدات', country: 'KW', currency: 'KWD', zone: 'Asia/Kuwait', offset: 3, workdays: 'Sun-Thu', open: '07:30', close: '15:30',
		weekend: [5, 6], padded: true, writesNulls: true, tax: '0', termDays: 90,
	},
	{
		id: '3f1c7a52-09be-4d6e-9d0b-5a7e1f00c0de', key: 'br', name: 'Nascente Indústria e Comércio S.A.', country: 'BR', currency: 'BRL', zone: 'America/Sao_Paulo', offset: -3,
		workdays: 'Mon-Fri', open: '08:00', close: '18:00', weekend: [0, 6], padded: false, writesNulls: true, tax: '0.1725', termDays: 28,
	},
]; // biome-ignore format: one entity a paragraph

/** A small seeded stream of numbers, drawn from SHA-256. */
export function dice(seed: string): {
	readonly whole: (below: number) => number;
	readonly between: (low: number, high: number) => number;
	readonly uuid: () => string;
} {
	let count = 0;
	const draw = () => sha256(`${seed}:${count++}`);
	const whole = (below: number) => draw().readUInt32BE(0) % below;
	return {
		whole,
		between: (low, high) => low + whole(Math.max(1, Math.round(high - low))),
		uuid: () =>
			draw()
				.toString('hex')
				.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
	};
}

export const localDay = (at: number, entity: Entity): string => ts(at + entity.offset * HOUR).slice(0, 10);
export const localMonth = (at: number, entity: Entity): string => localDay(at, entity).slice(0, 7);
export const MONTHS = ['2026-04', '2026-05', '2026-06', '2026-07', '2026-08', '2026-09', '2026-10', '2026-11', '2026-12'] as const;

/** The instant at `hour` local time of the first working day at or after `at`. */
export function workMoment(at: number, entity: Entity, hour: number): number {
	let day = Date.parse(`${localDay(at, entity)}T00:00:00.000Z`);
	while (entity.weekend.includes(new Date(day).getUTCDay())) day += DAY;
	return day + hour * HOUR - entity.offset * HOUR;
}
