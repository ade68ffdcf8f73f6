/**
 * The one contract between the window and the main process. The page calls `window.tieout.invoke(channel, request)` and gets an
 * `IpcAnswer<AnswerOf<channel>>`; it never throws for anything that can happen. Both directions are checked against these schemas by
 * the main process: a request that is not exactly so is `invalid_request`, and nothing that is not named here reaches the page.
 *
 * Files are named by tokens: the page never learns a path of the machine. A token lives until it is released, the window locks, or an
 * hour has passed without use. A cancelled dialog answers `ok` with `null`.
 */
import { z } from 'zod';
import { IPC_LIMITS } from './limits.ts';
import {
	bytes,
	chunkLength,
	count,
	dropKind,
	dropPath,
	fileOffset,
	name,
	nothing,
	sha256Hex,
	signer,
	source,
	token,
	words,
} from './shapes.ts';

/** What a file dialog is for: decides the filter and the suggested folder. */
export const FILE_KINDS = ['pack', 'backup', 'p12', 'document', 'params', 'trust', 'text', 'table', 'bundle', 'exchange'] as const;
export type FileKind = (typeof FILE_KINDS)[number];
const fileKind = z.enum(FILE_KINDS);

/** Certificates of disposal held at once. */
export const CERTIFICATES_MAX = 64;
const certificateText = z.string().min(1).max(65_536);

const chosenDrop = z.strictObject({ dropToken: token, name, kind: dropKind });

const app = {
	/** What the program and the machine are. Asked once. */
	'app.info': {
		request: nothing,
		answer: z.strictObject({
			version: z.string().max(64),
			versions: z.strictObject({ electron: z.string().max(64), chrome: z.string().max(64), node: z.string().max(64) }),
			/** `test_runtime`: an Electron without security fixes; the window says so for as long as it is open. */
			runtimeKind: z.enum(['supported', 'test_runtime']),
			/** False: only the sample engagement may be opened or made. */
			mayOpenReal: z.boolean(),
			/** The window was started to show the sample engagement at once. */
			openSample: z.boolean(),
			isE2E: z.boolean(),
			/** BCP 47, e.g. "de-DE". */
			locale: z.string().max(64),
			/** IANA name, e.g. "Europe/Berlin". */
			timeZone: z.string().max(64),
			platform: z.string().max(32),
			/** The folder that keeps a copy of what was found damaged in the browser's store at this start; null: nothing was. */
			damagedStore: z.string().max(4096).nullable(),
		}),
	},
	/** The page says what it shows, once it has painted it: who waits for the window learns from it that it stands. */
	'app.shown': {
		request: z.strictObject({
			/** E.g. "orders". */
			screen: name,
			/** E.g. the heading on screen. */
			title: name,
			/** Orders in the list on screen, or of the open engagement; null where none is open. */
			orders: count.nullable(),
		}),
		answer: nothing,
	},
	'clipboard.writeText': { request: z.strictObject({ text: z.string().max(IPC_LIMITS.clipboardChars) }), answer: nothing },
	/** Ends the page's process and begins it anew. The vault has forgotten its keys before. The answer does not arrive. */
	'window.lockNow': { request: nothing, answer: nothing },
	/** A lock has begun: the page's process ends in five seconds even if the vault never answers and `window.lockNow` never comes. */
	'window.lockSoon': { request: nothing, answer: nothing },
	/** A long job has ended. The desktop is told so, in one fixed sentence, where the window is not in front. */
	'window.jobEnded': { request: nothing, answer: nothing },
	/** Minutes without a key or mouse until the `lock` event. Holds until the program ends; the page says it again on every start. */
	'settings.idleMinutes': { request: z.strictObject({ minutes: z.int().min(1).max(IPC_LIMITS.idleMinutes) }), answer: nothing },
} as const;

const drops = {
	/** Shows the dialog. */
	'drop.choose': { request: z.strictObject({ kind: dropKind }), answer: chosenDrop.nullable() },
	/** Lists the drop's files. May be called again. The bulk way is the files port (`filesPort.ts`), which takes the same tokens. */
	'drop.open': {
		request: z.strictObject({ dropToken: token }),
		answer: z.strictObject({
			kind: dropKind,
			paths: z.array(z.strictObject({ path: dropPath, size: count })).max(IPC_LIMITS.dropFiles),
		}),
	},
	/** Bytes from `offset` on: fewer than `length` only at the file's end. */
	'drop.read': {
		request: z.strictObject({ dropToken: token, path: dropPath, offset: fileOffset, length: chunkLength }),
		answer: z.strictObject({ bytes }),
	},
	'drop.release': { request: z.strictObject({ dropToken: token }), answer: nothing },
	/** Has the main process send the page a new files port; any earlier one is closed. */
	'drop.port': { request: nothing, answer: nothing },
	/** Writes the made-up company to a folder that goes away with the program. Progress comes as the event `progress`. */
	'sample.prepare': {
		request: z.strictObject({
			orders: z.int().min(1).max(IPC_LIMITS.sampleOrders),
			seed: z
				.int()
				.min(0)
				.max(2 ** 31 - 1),
		}),
		answer: z.strictObject({
			dropToken: token,
			name,
			/** The key of the made-up company's log: what a verifier is given from outside the drop. */
			vkey: z.string().max(IPC_LIMITS.vkeyChars),
			orders: count,
			rows: count,
			bytes: count,
		}),
	},
} as const;

const files = {
	'file.chooseToOpen': {
		request: z.strictObject({ kind: fileKind }),
		answer: z.strictObject({ fileToken: token, name, size: count }).nullable(),
	},
	/** Bytes from `offset` on: fewer than `length` only at the file's end. Works on a written file too: reading back. */
	'file.read': {
		request: z.strictObject({ fileToken: token, offset: fileOffset, length: chunkLength }),
		answer: z.strictObject({ bytes }),
	},
	'file.chooseToSave': {
		request: z.strictObject({ suggestedName: name, kind: fileKind }),
		answer: z.strictObject({ fileToken: token, name }).nullable(),
	},
	/**
	 * Writes on, from `offset` 0, each call where the last one ended. Until `isLast` nothing stands under the chosen name; then the whole
	 * file takes its place at once. `sha256` is of the whole file as it was read back, and null before the last call.
	 */
	'file.write': {
		request: z.strictObject({ fileToken: token, offset: fileOffset, bytes, isLast: z.boolean() }),
		answer: z.strictObject({ written: count, sha256: sha256Hex.nullable() }),
	},
	/** Writes a blob whole under the chosen name, reads it back and compares. */
	'file.saveBlob': {
		request: z.strictObject({ fileToken: token, blobToken: token }),
		answer: z.strictObject({ size: count, sha256: sha256Hex }),
	},
	'file.release': { request: z.strictObject({ fileToken: token }), answer: nothing },
	/** Bytes handed to the main process in pieces: begin with the whole size, add until it is reached. */
	'blob.begin': {
		request: z.strictObject({ size: z.int().min(1).max(IPC_LIMITS.blobBytes) }),
		answer: z.strictObject({ blobToken: token }),
	},
	'blob.add': { request: z.strictObject({ blobToken: token, bytes }), answer: z.strictObject({ received: count }) },
	'blob.read': {
		request: z.strictObject({ blobToken: token, offset: fileOffset, length: chunkLength }),
		answer: z.strictObject({ bytes }),
	},
	'blob.release': { request: z.strictObject({ blobToken: token }), answer: nothing },
} as const;

const signatures = {
	/** Opens a key file and says whose it is: before a pack is rendered with that name in it. */
	'sign.inspectKey': {
		request: z.strictObject({ fileToken: token, password: z.string().max(IPC_LIMITS.passwordChars) }),
		answer: z.strictObject({
			/** E.g. "CN=Ada Okafor, O=Meridian Assurance". */
			subject: z.string().max(IPC_LIMITS.sentenceChars),
			notBefore: z.int(),
			notAfter: z.int(),
			algorithm: z.enum(['rsa', 'ecdsa']),
		}),
	},
	/** Fills the preparer's place of an unsigned pack. */
	'sign.pack': {
		request: z.strictObject({ source, signer, ...words }),
		answer: z.strictObject({ blobToken: token, size: count, sha256: sha256Hex, signer: z.string().max(IPC_LIMITS.sentenceChars) }),
	},
	/** Appends the reviewer's signature as a revision of its own. */
	'sign.countersign': {
		request: z.strictObject({ source, signer, ...words }),
		answer: z.strictObject({ blobToken: token, size: count, sha256: sha256Hex, signer: z.string().max(IPC_LIMITS.sentenceChars) }),
	},
	/** Checks a pack as `tieout check` does. `reportJson` is exactly what `tieout check --json` prints. */
	'check.pack': {
		request: z.strictObject({
			source,
			/** Log keys from outside the pack. */
			trustedKeys: z.array(z.string().max(IPC_LIMITS.vkeyChars)).max(IPC_LIMITS.trustedKeys),
			/** A chosen file (kind `trust`) of CA certificates, or null: signer trust is then not judged. */
			trustFileToken: token.nullable(),
			/** Runs the pack's tests again on its embedded data. */
			replay: z.boolean(),
		}),
		answer: z.strictObject({
			reportJson: z.string().max(IPC_LIMITS.reportChars),
			/** Of the very bytes that were judged. */
			sha256: sha256Hex,
		}),
	},
	/** Stops the checks that run: each answers `cancelled`. */
	'check.cancel': { request: nothing, answer: nothing },
} as const;

const certificates = {
	/**
	 * Holds a certificate of disposal until it is saved or discarded, past the end of the page that brings it. In memory only: it names a
	 * client, and nothing of a client lies on the disk in the clear.
	 */
	'certificate.keep': { request: z.strictObject({ text: certificateText }), answer: nothing },
	'certificate.kept': {
		request: nothing,
		answer: z.array(z.strictObject({ certificateId: token, text: certificateText })).max(CERTIFICATES_MAX),
	},
	/** It was saved, or a person discarded it. */
	'certificate.drop': { request: z.strictObject({ certificateId: token }), answer: nothing },
} as const;

/** Every channel. There are no others, except `E2E_CONTRACT`'s in builds for journeys. */
export const IPC_CONTRACT = { ...app, ...drops, ...files, ...signatures, ...certificates } as const;

/** Only in builds made for journeys: what the next dialog answers. A path, or null for a cancelled dialog. */
export const E2E_CONTRACT = {
	'e2e.setDialogAnswer': {
		request: z.strictObject({ dialog: z.enum(['open', 'save']), path: z.string().max(4096).nullable() }),
		answer: nothing,
	},
} as const;

/** What the main process tells the page unasked. */
export const IPC_EVENTS = {
	/** Time to lock: the page has the vault forget its keys and asks `window.lockNow`. After five seconds it is ended anyway. */
	lock: z.strictObject({ reason: z.enum(['idle', 'suspend', 'screen_locked', 'command']) }),
	/** `total` 0: not known. */
	progress: z.strictObject({
		job: z.enum(['sample', 'sign', 'check']),
		phase: z.string().max(IPC_LIMITS.nameChars),
		done: count,
		total: count,
		unit: z.string().max(IPC_LIMITS.nameChars),
	}),
} as const;
