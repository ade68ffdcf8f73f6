/** The map as a graph, laid out from the beginning to the ends. States and transitions are buttons: they keep the orders that went there. */

import { graphlib, layout } from '@dagrejs/dagre';
import {
	BaseEdge,
	Controls,
	type Edge,
	EdgeLabelRenderer,
	type EdgeProps,
	Handle,
	MarkerType,
	type Node,
	type NodeProps,
	Position,
	ReactFlow,
} from '@xyflow/react';
import { useMemo } from 'react';
import type { MapEdge, MapNode, TransitionMap } from '#explore';
import { formatCount, formatDuration } from '../../app/format.ts';
import textStyles from '../../components/Text.module.css';
import mapStyles from './Map.module.css';
import { addChip } from './state.ts';

type StateNode = Node<{ node: MapNode | null }, 'state'>;
type TransitionEdge = Edge<{ edge: MapEdge; points: readonly { x: number; y: number }[]; widest: number }, 'transition'>;

const NODE = { width: 216, height: 38 };
const START = { width: 64, height: 24 };
const LABEL = { width: 104, height: 24 };
const BEGINNING = '';

const NODE_TYPES = { state: StatePart };
const EDGE_TYPES = { transition: TransitionPart };

/** @param hasUnseen whether transitions that are allowed and never happened are drawn as well */
export function MapGraph({ map, hasUnseen }: { map: TransitionMap; hasUnseen: boolean }) {
	const { nodes, edges } = useMemo(() => graphOf(map, hasUnseen), [map, hasUnseen]);
	return (
		<div className={mapStyles['graph']} data-keys="list">
			<ReactFlow<StateNode, TransitionEdge>
				nodes={nodes}
				edges={edges}
				nodeTypes={NODE_TYPES}
				edgeTypes={EDGE_TYPES}
				fitView
				fitViewOptions={{ padding: 0.06, minZoom: 0.6, maxZoom: 1.1 }}
				minZoom={0.1}
				maxZoom={2}
				nodesDraggable={false}
				nodesConnectable={false}
				nodesFocusable={false}
				edgesFocusable={false}
				elementsSelectable={false}
				proOptions={{ hideAttribution: true }}
				key={nodes.map(({ id }) => id).join('|')}
			>
				<Controls showInteractive={false} position="bottom-right" />
			</ReactFlow>
		</div>
	);
}

function graphOf({ nodes, edges }: TransitionMap, hasUnseen: boolean): { nodes: StateNode[]; edges: TransitionEdge[] } {
	const graph = new graphlib.Graph({ multigraph: true });
	graph.setGraph({ rankdir: 'TB', nodesep: 24, ranksep: 20, edgesep: 12, marginx: 8, marginy: 8 });
	const known = new Set(nodes.map(({ state }) => state));
	const shown = edges.filter(
		({ from, to, isUnseen }) => (hasUnseen || !isUnseen) && (from === BEGINNING || known.has(from)) && known.has(to),
	);
	const hasBeginning = shown.some(({ from }) => from === BEGINNING);
	if (hasBeginning) graph.setNode(idOf(BEGINNING), { ...START });
	for (const { state } of nodes) graph.setNode(idOf(state), { ...NODE });
	for (const { from, to } of shown) graph.setEdge(idOf(from), idOf(to), { ...LABEL, labelpos: 'c' });
	layout(graph);
	const placed = (id: string, size: { width: number; height: number }): Pick<StateNode, 'position' | 'width' | 'height'> => {
		const at = graph.node(id) as { x: number; y: number };
		return { position: { x: at.x - size.width / 2, y: at.y - size.height / 2 }, ...size };
	};
	const widest = Math.max(1, ...shown.map(({ count }) => count));
	return {
		nodes: [
			...(hasBeginning ? [{ id: idOf(BEGINNING), type: 'state' as const, data: { node: null }, ...placed(idOf(BEGINNING), START) }] : []),
			...nodes.map((node) => ({ id: idOf(node.state), type: 'state' as const, data: { node }, ...placed(idOf(node.state), NODE) })),
		],
		edges: shown.map((edge) => ({
			id: `${idOf(edge.from)}>${idOf(edge.to)}`,
			source: idOf(edge.from),
			target: idOf(edge.to),
			type: 'transition' as const,
			markerEnd: { type: MarkerType.ArrowClosed, color: strokeOf(edge), width: 14, height: 14, markerUnits: 'userSpaceOnUse' },
			data: {
				edge,
				widest,
				points: (graph.edge({ v: idOf(edge.from), w: idOf(edge.to) }) as { points: { x: number; y: number }[] }).points,
			},
		})),
	};
}

const idOf = (state: string): string => (state === BEGINNING ? 'beginning' : `state:${state}`);

const strokeOf = ({ illegal, isUnseen }: MapEdge): string =>
	isUnseen ? 'var(--control)' : (illegal ?? 0) > 0 ? 'var(--verdict-fail-fg)' : 'var(--text-muted)';

function StatePart({ data: { node } }: NodeProps<StateNode>) {
	return (
		<>
			<Handle type="target" position={Position.Top} isConnectable={false} className={mapStyles['handle'] ?? ''} />
			{node === null ? (
				<span className={mapStyles['beginning']}>begin</span>
			) : (
				<button
					type="button"
					className={mapStyles['mapNode']}
					data-terminal={node.isTerminal}
					title={`${node.state}: ${formatCount(node.orders)} orders were here, ${formatCount(node.standing)} still are. Keep them`}
					onClick={() => addChip({ column: 'path', op: 'visits', values: [node.state] })}
				>
					<span className={mapStyles['nodeHead']}>
						<strong>{node.state}</strong>
						<span>
							{formatCount(node.orders)}
							{node.standing > 0 && !node.isTerminal ? ` · ${formatCount(node.standing)} here` : ''}
						</span>
					</span>
					<span className={textStyles['muted']}>
						{node.medianMs === null
							? node.isTerminal
								? 'end'
								: 'no stay ended'
							: `median ${formatDuration(node.medianMs)} · 95 % ${formatDuration(node.p95Ms ?? 0)}`}
					</span>
				</button>
			)}
			<Handle type="source" position={Position.Bottom} isConnectable={false} className={mapStyles['handle'] ?? ''} />
		</>
	);
}

const THICKEST = 7;

/** A smooth line through the points that the layout found. */
function TransitionPart({ id, data, markerEnd }: EdgeProps<TransitionEdge>) {
	if (!data) return null;
	const { edge, points, widest } = data;
	const middle = points[Math.floor(points.length / 2)] ?? { x: 0, y: 0 };
	const width = edge.isUnseen ? 1 : 1 + (THICKEST - 1) * Math.sqrt(edge.count / widest);
	const isIllegal = (edge.illegal ?? 0) > 0;
	return (
		<>
			<BaseEdge
				id={id}
				path={pathThrough(points)}
				{...(markerEnd === undefined ? {} : { markerEnd })}
				style={{ stroke: strokeOf(edge), strokeWidth: width, ...(edge.isUnseen ? { strokeDasharray: '4 4', opacity: 0.6 } : {}) }}
			/>
			{edge.isUnseen ? null : (
				<EdgeLabelRenderer>
					<button
						type="button"
						className={`${mapStyles['edgeLabel']} nodrag nopan`}
						data-illegal={isIllegal}
						style={{ transform: `translate(-50%, -50%) translate(${middle.x}px, ${middle.y}px)` }}
						title={labelOf(edge)}
						onClick={() => addChip({ column: 'path', op: 'passes', values: [edge.from, edge.to] })}
					>
						<span className="visuallyHidden">{`${edge.from === BEGINNING ? 'the beginning' : edge.from} to ${edge.to}: `}</span>
						{isIllegal ? '✕ ' : ''}
						{formatCount(edge.count)}
						{edge.medianMs === null ? null : <span> {formatDuration(edge.medianMs)}</span>}
					</button>
				</EdgeLabelRenderer>
			)}
		</>
	);
}

const labelOf = ({ from, to, count, orders, medianMs, p95Ms, illegal }: MapEdge): string =>
	`${from === BEGINNING ? 'the beginning' : from} to ${to}: ${formatCount(count)} times in ${formatCount(orders)} orders${
		medianMs === null ? '' : `, median ${formatDuration(medianMs)}, 95 % within ${formatDuration(p95Ms ?? 0)}`
	}${(illegal ?? 0) > 0 ? `; ${formatCount(illegal ?? 0)} not allowed by the state table` : ''}. Keep these orders`;

function pathThrough(points: readonly { x: number; y: number }[]): string {
	const [first, ...rest] = points;
	if (!first) return '';
	let path = `M ${first.x} ${first.y}`;
	for (let at = 0; at < rest.length; at++) {
		const point = rest[at];
		const next = rest[at + 1];
		if (!point) continue;
		path += next ? ` Q ${point.x} ${point.y} ${(point.x + next.x) / 2} ${(point.y + next.y) / 2}` : ` L ${point.x} ${point.y}`;
	}
	return path;
}
