/** The company's own papers as PDF files, written by hand: one page, one built-in font, no compression, ASCII only. */
import { formatQuantity } from '#kernel';

export interface NoteItem {
	readonly sku: string;
	readonly description: string;
	readonly quantity: bigint;
}

export interface Note {
	readonly title: string;
	readonly issuer: string;
	/** Label and text, one line each. */
	readonly facts: readonly (readonly [string, string])[];
	readonly items: readonly NoteItem[];
	readonly signedBy: string;
	/** `YYYY-MM-DD HH:MM` in UTC. */
	readonly signedOn: string;
}

/** A PDF string of WinAnsi text; whatever is not plain ASCII goes as an octal escape, whatever WinAnsi lacks as "?". */
export function pdfString(text: string): string {
	let out = '(';
	for (const char of text) {
		const code = char.codePointAt(0) ?? 63;
		if (char === '(' || char === ')' || char === '\\') out += `\\${char}`;
		else if (code >= 32 && code < 127) out += char;
		else out += code > 160 && code < 256 ? `\\${code.toString(8)}` : '?';
	}
	return `${out})`;
}

const line = (x: number, y: number, size: number, text: string, font = 'F1'): string =>
	`BT /${font} ${size} Tf ${x} ${y} Td ${pdfString(text)} Tj ET\n`;
const rule = (y: number): string => `0.6 w 56 ${y} m 539 ${y} l S\n`;

function pageContent(note: Note): string {
	let y = 700;
	let out = line(56, 780, 11, note.issuer) + line(56, 748, 20, note.title, 'F2') + rule(732);
	for (const [label, text] of note.facts) {
		out += line(56, y, 10, label) + line(190, y, 10, text);
		y -= 16;
	}
	y -= 14;
	out += line(56, y, 10, 'Article', 'F2') + line(190, y, 10, 'Description', 'F2') + line(480, y, 10, 'Quantity', 'F2') + rule(y - 6);
	for (const item of note.items) {
		y -= 20;
		out += line(56, y, 10, item.sku) + line(190, y, 10, item.description) + line(480, y, 10, formatQuantity(item.quantity));
	}
	y -= 70;
	out += line(56, y, 10, 'Received in good order and condition:');
	out += `${signature(300, y)}0.6 w 290 ${y - 6} m 500 ${y - 6} l S\n`;
	return out + line(290, y - 20, 9, `${note.signedBy}, ${note.signedOn} UTC`);
}

/** A stroke that passes for a signature. */
const signature = (x: number, y: number): string =>
	`1 w ${x} ${y} m ${x + 30} ${y + 26} ${x + 22} ${y - 14} ${x + 58} ${y + 10} c ${x + 80} ${y + 22} ${x + 96} ${y - 8} ${x + 140} ${y + 6} c S\n`;

/** The bytes of the file as text: every character is one ASCII byte, so string length is byte length (ISO 32000-1 §7.5). */
export function writeNote(note: Note): string {
	const content = pageContent(note);
	const objects = [
		'<< /Type /Catalog /Pages 2 0 R >>',
		'<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
		'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 4 0 R /F2 5 0 R >> >> /Contents 6 0 R >>',
		'<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
		'<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>',
		`<< /Length ${content.length} >>\nstream\n${content}endstream`,
	];
	let file = '%PDF-1.4\n';
	let table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
	for (const [index, object] of objects.entries()) {
		table += `${String(file.length).padStart(10, '0')} 00000 n \n`;
		file += `${index + 1} 0 obj\n${object}\nendobj\n`;
	}
	return `${file}${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
}
