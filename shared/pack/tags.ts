/**
 * The structure tree of a tagged PDF, written while pages are drawn: an element becomes bytes as soon as it is closed,
 * so that half a million rows cost their bytes and nothing else.
 * @see ISO 32000-1 §14.7, §14.8
 */
import { invariant } from '#kernel';
import type { ObjectArena } from './tagsArena.ts';

export type StructureType =
	| 'Sect'
	| 'H1'
	| 'H2'
	| 'H3'
	| 'P'
	| 'L'
	| 'LI'
	| 'LBody'
	| 'Table'
	| 'TR'
	| 'TH'
	| 'TD'
	| 'TOC'
	| 'TOCI'
	| 'Link'
	| 'Form'
	| 'Span'
	| 'Code'
	| 'Div';

interface OpenElement {
	readonly type: StructureType | 'Document';
	readonly object: number;
	readonly parent: number;
	/** Page object of the first piece of content; content elsewhere names its page itself. */
	page: number;
	/** An element's object number negated, an MCID of the element's page, or a reference that is spelt out. */
	kids: (number | string)[];
	readonly attributes: string;
}

export type SetAsideElement = Pick<OpenElement, 'object'>;

const NODE_SIZE = 64;

export class StructureTree {
	private readonly arena: ObjectArena;
	private readonly root: number;
	private readonly stack: OpenElement[];
	/** Elements by MCID of the page being drawn. */
	private marks: number[] = [];
	private page = 0;
	private pageKey = 0;
	private readonly parentEntries: string[] = [];

	constructor(arena: ObjectArena) {
		this.arena = arena;
		this.root = arena.reserve();
		this.stack = [this.element('Document', this.root, '')];
	}

	private element(type: OpenElement['type'], parent: number, attributes: string): OpenElement {
		return { type, object: this.arena.reserve(), parent, page: 0, kids: [], attributes };
	}

	private get top(): OpenElement {
		const top = this.stack.at(-1);
		invariant(top !== undefined, 'the document element stays open until the end');
		return top;
	}

	/** The page that following content is on. Returns its /StructParents key. */
	beginPage(pageObject: number): number {
		this.page = pageObject;
		this.marks = [];
		this.pageKey = this.parentEntries.length;
		this.parentEntries.push('');
		return this.pageKey;
	}

	endPage(): void {
		const parents = this.marks.map((object) => `${object} 0 R`).join(' ');
		this.parentEntries[this.pageKey] = `${this.arena.add(`[${parents}]`)} 0 R`;
	}

	open(type: StructureType, attributes = ''): void {
		const parent = this.top;
		const element = this.element(type, parent.object, attributes);
		parent.kids.push(-element.object);
		this.stack.push(element);
	}

	close(): void {
		const element = this.stack.pop();
		invariant(element !== undefined && element.type !== 'Document', 'an element is closed once');
		this.write(element);
	}

	/** Sets the open element aside, to be filled later in its place of the reading order. */
	setAside(): SetAsideElement {
		const element = this.stack.pop();
		invariant(element !== undefined && element.type !== 'Document', 'only an opened element is set aside');
		return element as SetAsideElement;
	}

	resume(element: SetAsideElement): void {
		this.stack.push(element as OpenElement);
	}

	/** A piece of content of the open element on the current page; returns its MCID. */
	mark(): number {
		const element = this.top;
		const mcid = this.marks.length;
		this.marks.push(element.object);
		if (element.page === 0) element.page = this.page;
		element.kids.push(element.page === this.page ? mcid : `<</Type/MCR/Pg ${this.page} 0 R/MCID ${mcid}>>`);
		return mcid;
	}

	/** An annotation as content of the open element. Returns its /StructParent key. */
	markAnnotation(annotationObject: number): number {
		return this.annotationOf(this.top, annotationObject, this.page);
	}

	private annotationOf(element: OpenElement, annotationObject: number, page: number): number {
		element.kids.push(`<</Type/OBJR/Pg ${page} 0 R/Obj ${annotationObject} 0 R>>`);
		if (element.page === 0) element.page = page;
		this.parentEntries.push(`${element.object} 0 R`);
		return this.parentEntries.length - 1;
	}

	/** Keeps a place for an annotation that is made after the pages: a form field. */
	reserve(type: StructureType, title: string): ReservedElement {
		const parent = this.top;
		const element = this.element(type, parent.object, `/Alt ${title}`);
		parent.kids.push(-element.object);
		const key = this.parentEntries.length;
		this.parentEntries.push(`${element.object} 0 R`);
		const page = this.page;
		return {
			key,
			fill: (annotationObject) => {
				element.kids.push(`<</Type/OBJR/Pg ${page} 0 R/Obj ${annotationObject} 0 R>>`);
				element.page = page;
				this.write(element);
			},
		};
	}

	private write({ type, object, parent, page, kids, attributes }: OpenElement): void {
		const where = page === 0 ? '' : `/Pg ${page} 0 R`;
		const spelt = kids.map((kid) => (typeof kid === 'number' && kid < 0 ? `${-kid} 0 R` : String(kid)));
		const content = spelt.length === 1 ? (spelt[0] as string) : `[${spelt.join(' ')}]`;
		this.arena.set(object, `<</S/${type}/P ${parent} 0 R${where}${attributes}/K ${content}>>`);
	}

	/** Writes what is still open and the parent tree; returns the object number of the structure tree's root. */
	finish(): number {
		while (this.stack.length > 1) this.close();
		const document = this.top;
		this.write(document);
		const parents = this.numberTree();
		this.arena.set(
			this.root,
			`<</Type/StructTreeRoot/K ${document.object} 0 R/ParentTree ${parents} 0 R/ParentTreeNextKey ${this.parentEntries.length}>>`,
		);
		return this.root;
	}

	/** A balanced number tree (ISO 32000-1 §7.9.7), so that a reader finds a page's entry without reading them all. */
	private numberTree(): number {
		const limits = (first: number, last: number) => `/Limits[${first} ${last}]`;
		let level = chunks(this.parentEntries.length).map(([first, last]) => {
			const entries = this.parentEntries.slice(first, last + 1).map((value, i) => `${first + i} ${value}`);
			return { first, last, text: `/Nums[${entries.join(' ')}]` };
		});
		while (level.length > 1) {
			const below = level.map(({ first, last, text }) => ({ first, last, object: this.arena.add(`<<${limits(first, last)}${text}>>`) }));
			level = chunks(below.length).map(([from, to]) => {
				const kids = below.slice(from, to + 1);
				const [start, end] = [kids[0]?.first ?? 0, kids.at(-1)?.last ?? 0];
				return { first: start, last: end, text: `/Kids[${kids.map(({ object }) => `${object} 0 R`).join(' ')}]` };
			});
		}
		return this.arena.add(`<<${level[0]?.text ?? '/Nums[]'}>>`);
	}
}

export interface ReservedElement {
	/** The annotation's /StructParent. */
	readonly key: number;
	fill(annotationObject: number): void;
}

/** First and last index of every group of up to `NODE_SIZE`. */
function chunks(count: number): (readonly [number, number])[] {
	return Array.from({ length: Math.ceil(count / NODE_SIZE) }, (_, i) => [i * NODE_SIZE, Math.min(count, (i + 1) * NODE_SIZE) - 1] as const);
}
