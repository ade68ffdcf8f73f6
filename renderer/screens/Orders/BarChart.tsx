/** Bars as SVG, with a description and patterns for whoever does not see colours; drawn by the tokens of the page. */
import { useComputedColorScheme } from '@mantine/core';
import { BarChart as Bars } from 'echarts/charts';
import { AriaComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { formatCount } from '../../app/format.ts';
import mapStyles from './Map.module.css';

use([Bars, AriaComponent, GridComponent, TooltipComponent, SVGRenderer]);

export interface Bar {
	readonly label: string;
	readonly count: number;
	readonly open: () => void;
}

interface BarChartProps {
	readonly title: string;
	readonly bars: readonly Bar[];
	/** Bars stand, values run to the right: for what has an order, such as months. */
	readonly isVertical: boolean;
}

const ROW = 24;

export function BarChart({ title, bars, isVertical }: BarChartProps) {
	const box = useRef<HTMLDivElement>(null);
	const chart = useRef<EChartsType | null>(null);
	const scheme = useComputedColorScheme();
	useEffect(() => {
		if (!box.current) return;
		const made = init(box.current, null, { renderer: 'svg' });
		chart.current = made;
		const observer = new ResizeObserver(() => made.resize());
		observer.observe(box.current);
		return () => {
			observer.disconnect();
			made.dispose();
			chart.current = null;
		};
	}, []);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the scheme decides what the tokens are
	useEffect(() => {
		const made = chart.current;
		if (!made) return;
		made.resize();
		made.setOption(optionOf(title, bars, isVertical), true);
		made.off('click');
		made.on('click', ({ dataIndex }) => bars[dataIndex]?.open());
	}, [title, bars, isVertical, scheme]);
	return <div ref={box} className={mapStyles['chartBox']} style={{ height: isVertical ? 220 : Math.max(80, bars.length * ROW + 24) }} />;
}

function optionOf(title: string, bars: readonly Bar[], isVertical: boolean) {
	const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
	const text = { color: token('--text-muted'), fontFamily: token('--font-sans'), fontSize: 12 };
	const labels = bars.map(({ label }) => label);
	const names = {
		type: 'category' as const,
		data: isVertical ? labels : [...labels],
		inverse: !isVertical,
		axisTick: { show: false },
		axisLine: { lineStyle: { color: token('--line') } },
		axisLabel: { ...text, width: 150, overflow: 'truncate' as const, ...(isVertical ? { hideOverlap: true } : {}) },
	};
	const values = {
		type: 'value' as const,
		minInterval: 1,
		axisLabel: { ...text, formatter: (value: number) => formatCount(value), hideOverlap: true },
		splitLine: { lineStyle: { color: token('--line') } },
		splitNumber: 4,
	};
	return {
		animation: false,
		aria: {
			enabled: true,
			label: { enabled: true, description: `${title}: ${bars.map(({ label, count }) => `${label} ${formatCount(count)}`).join(', ')}.` },
			decal: { show: true, decals: { symbol: 'none' } },
		},
		grid: { left: 8, right: isVertical ? 8 : 56, top: 12, bottom: 4, containLabel: true },
		tooltip: { trigger: 'item' as const, renderMode: 'richText' as const, formatter: tooltipOf(bars) },
		xAxis: isVertical ? names : { ...values, show: false },
		yAxis: isVertical ? values : names,
		series: [
			{
				type: 'bar' as const,
				data: bars.map(({ count }) => count),
				itemStyle: { color: token('--accent') },
				barMaxWidth: isVertical ? 40 : 14,
				cursor: 'pointer',
				label: isVertical
					? { show: false }
					: {
							show: true,
							position: 'right' as const,
							...text,
							color: token('--text'),
							formatter: ({ value }: { value: unknown }) => formatCount(Number(value)),
						},
			},
		],
	};
}

const tooltipOf =
	(bars: readonly Bar[]) =>
	({ dataIndex }: { dataIndex: number }): string => {
		const bar = bars[dataIndex];
		return bar ? `${bar.label}: ${formatCount(bar.count)}` : '';
	};
