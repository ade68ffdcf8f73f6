/** What the bundler makes of imports that are no modules of TypeScript. */
declare module '*.module.css' {
	const classes: Readonly<Record<string, string>>;
	// biome-ignore lint/style/noDefaultExport: the shape Vite gives to a CSS module
	export default classes;
}
declare module '*.css';
declare module '*?worker&url' {
	const url: string;
	// biome-ignore lint/style/noDefaultExport: the shape Vite gives to a worker's address
	export default url;
}
declare module '*?url' {
	const url: string;
	// biome-ignore lint/style/noDefaultExport: the shape Vite gives to an asset's address
	export default url;
}
