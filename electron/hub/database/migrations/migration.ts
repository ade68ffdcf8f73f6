/** One step of the database's layout. */
export interface Migration {
	/** 1, 2, 3 … without gaps. */
	readonly no: number;
	readonly name: string;
	/** Applied in one transaction with the record that they were; plain PostgreSQL, the same for both engines. */
	readonly statements: readonly string[];
}
