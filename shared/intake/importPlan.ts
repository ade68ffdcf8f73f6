/** Which files of a drop are read as what, and which sentences the reader is owed about the rest. */
import { type DeclaredTable, type Manifest, SEALED_TABLES } from '#evidence';
import { compareText } from '#kernel';
import { isTableName, type TableName } from '#model';
import { failDrop, showName } from './dropError.ts';
import type { DropSource } from './dropSource.ts';

/** A file under data/ and what the manifest says of it. */
export interface PlannedFile {
	readonly path: string;
	/** Name of the table, or the path where the file is none. */
	readonly name: string;
	/** The table of the data model it is read as; null: it is hashed and not read. */
	readonly table: TableName | null;
	readonly declared: DeclaredTable | null;
}

export interface ImportPlan {
	/** The declared files in their order, then the others. */
	readonly files: readonly PlannedFile[];
	readonly notices: readonly string[];
}

/** Throws `DropFailure` where a declared file is missing. */
export function planImport(source: DropSource, manifest: Manifest): ImportPlan {
	const notices = manifest.unknownKeys.map((key) => `manifest.json has a key this version does not know: ${showName(key)}.`);
	const declared = manifest.tables.map((table) => planDeclared(source, table, notices));
	const taken = new Set(declared.map(({ path }) => path));
	const others = [...source.paths].filter((path) => path.startsWith('data/') && !taken.has(path)).sort(compareText);
	const undeclared = others.map((path) => planUndeclared(path, declared, notices));
	const known = new Set(SEALED_TABLES.map(disclosuresPath));
	for (const path of source.paths)
		if (path.startsWith('disclosures/') && !known.has(path)) notices.push(`${showName(path)} belongs to no sealed table and was not read.`);
	return { files: [...declared, ...undeclared], notices };
}

export const disclosuresPath = (table: TableName): string => `disclosures/${table}.ndjson`;

function planDeclared(source: DropSource, declared: DeclaredTable, notices: string[]): PlannedFile {
	const { file, table, known } = declared;
	if (!source.paths.has(file))
		failDrop(
			'table_file_missing',
			file,
			`${showName(file)} is declared as table ${showName(table)} but is not in the drop. Ask the company for the file, or for a manifest without it.`,
		);
	if (!known) notices.push(`The manifest declares a table this version does not know: ${showName(table)}; its file was hashed, not read.`);
	return { path: file, name: table, table: known, declared };
}

function planUndeclared(path: string, declared: readonly PlannedFile[], notices: string[]): PlannedFile {
	const name = /^data\/([^/]+)\.ndjson$/.exec(path)?.[1] ?? path;
	const table = isTableName(name) && !declared.some((file) => file.table === name) ? name : null;
	notices.push(`${showName(path)} is not declared in the manifest${table ? '' : ' and was hashed, not read'}.`);
	return { path, name: table ?? path, table, declared: null };
}
