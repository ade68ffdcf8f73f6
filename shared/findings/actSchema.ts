/** Acts as they are parsed at the vault's wall: strict, bounded, well-formed text. What passes here has a canonical form. */
import { z } from 'zod';
import type { Act, CellValue, EvidenceLink, LoggedAct, Sequencer, Target } from './acts.ts';

/** Characters (UTF-16 code units) of one text field. */
export const TEXT_MAX = 20_000;
export const NOTE_MAX = 4000;
export const NAME_MAX = 300;
/** Exceptions judged by one act. */
export const KEYS_MAX = 250_000;
/** Copies of one engagement, over all its life. */
export const REPLICAS_MAX = 1000;

const text = (max: number) =>
	z
		.string()
		.max(max)
		.refine((value) => value.isWellFormed(), 'not well-formed Unicode');
const name = text(NAME_MAX).refine((value) => value.trim() !== '', 'must not be empty');
const note = text(NOTE_MAX);
const id = z.string().regex(/^[A-Za-z0-9._:-]{1,64}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const exceptionKey = z.string().regex(/^[0-9a-f]{32}$/);
const test = z.string().regex(/^[A-Z][A-Z0-9]{1,7}$/);
const day = z.iso.date();
const count = z.int().nonnegative();
const role = z.enum(['preparer', 'reviewer', 'partner', 'compliance', 'readonly']);
const severity = z.enum(['critical', 'high', 'medium', 'low']);
const verdict = z.enum(['pass', 'exception', 'incomplete', 'not_testable']);
const triage = z.enum(['new', 'confirmed', 'explained', 'duplicate', 'below_trivial', 'waiting']);
const state = z.enum(['draft', 'prepared', 'reviewed', 'issued', 'withdrawn']);
const field = z.enum(['title', 'severity', 'condition', 'criteria', 'cause', 'effect', 'recommendation', 'response']);
const parameterValue = z.union([z.int(), text(NOTE_MAX)]);

const target: z.ZodType<Target> = z.strictObject({
	kind: z.enum(['finding', 'procedure', 'exception', 'dispute', 'integrity', 'reconciliation']),
	id: text(NAME_MAX).min(1),
});

const link: z.ZodType<EvidenceLink> = z.discriminatedUnion('kind', [
	z.strictObject({ kind: z.literal('row'), table: id, key: text(1000), sha256, label: name }),
	z.strictObject({ kind: z.literal('exception'), exceptionKey, label: name }),
	z.strictObject({ kind: z.literal('document'), sha256, fileName: text(NAME_MAX), label: name }),
	z.strictObject({ kind: z.literal('result'), test, resultSha256: sha256, label: name }),
]);

const replica = z.string().regex(/^[0-9a-f]{32}$/);

const sequencer: z.ZodType<Sequencer> = z.discriminatedUnion('kind', [
	z.strictObject({ kind: z.literal('replica'), replica }),
	z.strictObject({ kind: z.literal('hub'), log: text(NAME_MAX).min(1), vkey: text(NAME_MAX).min(1) }),
]);

const cellValue: z.ZodType<CellValue> = z.union([
	z.null(),
	z.int(),
	z.boolean(),
	text(TEXT_MAX),
	z.strictObject({ verdict: triage, cause: text(NAME_MAX).nullable(), note, duplicateOf: exceptionKey.nullable() }),
	z.strictObject({ screen: id, name, definition: text(TEXT_MAX) }),
	link,
]);

const digest = z.strictObject({
	test,
	version: count,
	verdict,
	why: text(TEXT_MAX).nullable(),
	rows: count,
	exceptions: count,
	parameters: z.record(id, parameterValue),
	resultSha256: sha256,
});

const act = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) => z.strictObject({ type: z.literal(type), ...shape });

const signedPack = {
	packId: id,
	sha256,
	fileName: text(NAME_MAX),
	pages: count,
	findingIds: z.array(id).max(5000),
	signer: text(1000),
	signerIsSelfMade: z.boolean(),
};

export const actSchema: z.ZodType<Act> = z.discriminatedUnion('type', [
	act('engagement.created', { name, client: name, organisation: text(NAME_MAX), deadline: day.nullable(), isSample: z.boolean() }),
	act('engagement.edited', { field: z.enum(['name', 'client', 'organisation', 'deadline']), value: text(NAME_MAX) }),
	act('member.added', { memberId: id, name, role, publicKey: z.base64().length(44) }),
	act('member.role_changed', { memberId: id, role }),
	act('member.removed', { memberId: id, reason: note }),
	act('setting.changed', { key: id, value: text(TEXT_MAX), reason: note }),
	act('trusted_key.added', { vkey: text(NAME_MAX).min(1), origin: note }),
	act('trusted_key.removed', { vkey: text(NAME_MAX).min(1), reason: note }),
	act('population.imported', {
		importId: id,
		dropId: text(NAME_MAX),
		manifestSha256: sha256,
		company: text(NAME_MAX),
		asOf: text(40),
		rows: count,
		bytes: count,
		quarantined: count,
		differing: count,
	}),
	act('parameter.changed', { test, name: id, value: parameterValue.nullable(), reason: note }),
	act('run.recorded', { runId: id, importId: id, tests: z.array(digest).max(500), keySet: z.exactOptional(sha256) }),
	act('exception.judged', {
		keys: z.array(exceptionKey).min(1).max(KEYS_MAX),
		verdict: triage,
		cause: text(NAME_MAX).nullable(),
		note,
		duplicateOf: exceptionKey.nullable(),
		predicate: note.nullable(),
	}),
	act('finding.created', { findingId: id, title: name, severity }),
	act('finding.edited', { findingId: id, field, value: text(TEXT_MAX) }),
	act('finding.state_changed', { findingId: id, state, reason: note }),
	act('evidence.linked', { findingId: id, linkId: id, link }),
	act('evidence.unlinked', { findingId: id, linkId: id }),
	act('note.raised', { noteId: id, target, text: note, blocksReview: z.boolean() }),
	act('note.answered', { noteId: id, text: note }),
	act('note.cleared', { noteId: id }),
	act('signoff.given', { signoffId: id, target, role: z.enum(['prepared', 'reviewed']), contentSha256: sha256 }),
	act('signoff.withdrawn', { signoffId: id, reason: note }),
	act('view.saved', { viewId: id, screen: id, name, definition: text(TEXT_MAX) }),
	act('view.deleted', { viewId: id }),
	act('pack.begun', { ...signedPack, unsignedSha256: sha256 }),
	act('pack.made', { ...signedPack, verdict: text(NAME_MAX) }),
	act('recovery_key.issued', { fingerprint: z.string().regex(/^[0-9a-f]{8}$/) }),
	act('evidence.exported', { what: text(NAME_MAX), rows: count, sha256 }),
	act('conflict.settled', {
		conflictId: z.string().regex(/^[0-9a-f]{32}$/),
		choice: z.enum(['first', 'second', 'new']),
		value: cellValue,
	}),
	act('refusal.dismissed', { replica, seq: z.int().positive(), reason: note }),
	act('sequencer.appointed', { sequencer }),
	act('act.undone', { undoes: z.int().positive() }),
	act('act.redone', { redoes: z.int().positive() }),
]);

const seen = z
	.record(replica, z.int().positive())
	.refine((vector) => Object.keys(vector).length <= REPLICAS_MAX, `names more than ${REPLICAS_MAX} replicas`);

/** An act as it comes from the store, a hub or a file. */
export const loggedActSchema: z.ZodType<LoggedAct> = z.strictObject({
	replica,
	seq: z.int().positive(),
	at: z.iso.datetime({ precision: 3 }),
	memberId: id,
	act: actSchema,
	seen,
	prev: sha256,
	hash: sha256,
	signature: z.base64().length(88),
});
