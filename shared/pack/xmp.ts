/** The document's metadata as XMP, saying exactly what the information dictionary says (ISO 16684-1). */

export interface DocumentInfo {
	readonly title: string;
	readonly author: string;
	readonly subject: string;
	readonly creator: string;
	readonly producer: string;
	/** Milliseconds since 1970, UTC. */
	readonly created: number;
	readonly language: string;
	/** 32 hex digits: the identifier in the file's trailer. */
	readonly identifier: string;
}

const escapeXml = (text: string): string => {
	const clean = text.toWellFormed().replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
	return clean.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
};

const uuid = (hex: string): string =>
	[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');

/** The packet's text. Read-only ("r"), since any change to a pack is an appended revision. */
export function xmpPacket(info: DocumentInfo): string {
	const date = `${new Date(info.created).toISOString().slice(0, 19)}+00:00`;
	const one = (name: string, value: string): string => `   <${name}>${escapeXml(value)}</${name}>`;
	const alternative = (name: string, value: string): string =>
		`   <${name}><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(value)}</rdf:li></rdf:Alt></${name}>`;
	return [
		'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>',
		'<x:xmpmeta xmlns:x="adobe:ns:meta/">',
		' <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
		'  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">',
		one('dc:format', 'application/pdf'),
		alternative('dc:title', info.title),
		`   <dc:creator><rdf:Seq><rdf:li>${escapeXml(info.author)}</rdf:li></rdf:Seq></dc:creator>`,
		alternative('dc:description', info.subject),
		`   <dc:language><rdf:Bag><rdf:li>${escapeXml(info.language)}</rdf:li></rdf:Bag></dc:language>`,
		one('xmp:CreatorTool', info.creator),
		one('xmp:CreateDate', date),
		one('xmp:ModifyDate', date),
		one('xmp:MetadataDate', date),
		one('pdf:Producer', info.producer),
		one('xmpMM:DocumentID', `uuid:${uuid(info.identifier)}`),
		one('xmpMM:InstanceID', `uuid:${uuid(info.identifier)}`),
		'  </rdf:Description>',
		' </rdf:RDF>',
		'</x:xmpmeta>',
		'<?xpacket end="r"?>',
	].join('\n');
}
