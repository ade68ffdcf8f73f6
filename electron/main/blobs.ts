/** Bytes that the page hands over in pieces, to be signed, checked or saved: packs and backups. In memory only. */
import { IPC_LIMITS, type IpcAnswer, ipcError } from '#ipc';
import { err, ok } from '#kernel';
import { type Handlers, tokenTable } from './context.ts';

const MAX_OPEN = 8;

interface Blob {
	readonly bytes: Uint8Array<ArrayBuffer>;
	received: number;
}

export interface BlobStore {
	readonly handlers: Handlers<'blob.begin' | 'blob.add' | 'blob.read' | 'blob.release'>;
	/** The bytes, where all of them have come. */
	whole(token: string): IpcAnswer<Uint8Array<ArrayBuffer>>;
	/** Keeps bytes made here for the page to read. */
	keep(bytes: Uint8Array): IpcAnswer<string>;
	clear(): void;
}

export function makeBlobStore(): BlobStore {
	const blobs = tokenTable<Blob>('transfer', MAX_OPEN, (blob) => blob.bytes.fill(0));
	return {
		handlers: {
			'blob.begin': ({ size }) => {
				const token = blobs.add({ bytes: new Uint8Array(size), received: 0 });
				return token.ok ? ok({ blobToken: token.value }) : token;
			},
			'blob.add': ({ blobToken, bytes }) => {
				const blob = blobs.use(blobToken);
				if (!blob.ok) return blob;
				if (blob.value.received + bytes.length > blob.value.bytes.length)
					return err(ipcError('invalid_request', 'More bytes came than were announced.'));
				blob.value.bytes.set(bytes, blob.value.received);
				blob.value.received += bytes.length;
				return ok({ received: blob.value.received });
			},
			'blob.read': ({ blobToken, offset, length }) => {
				const blob = blobs.use(blobToken);
				return blob.ok ? ok({ bytes: blob.value.bytes.slice(offset, offset + length) }) : blob;
			},
			'blob.release': ({ blobToken }) => {
				blobs.release(blobToken);
				return ok({});
			},
		},
		whole(token) {
			const blob = blobs.use(token);
			if (!blob.ok) return blob;
			const { bytes, received } = blob.value;
			return received === bytes.length ? ok(bytes) : err(ipcError('invalid_request', 'Not all bytes have come yet.'));
		},
		keep(bytes) {
			if (bytes.length > IPC_LIMITS.blobBytes) return err(ipcError('too_many', 'The file is larger than one that can be handed over.'));
			return blobs.add({ bytes: bytes.slice(), received: bytes.length });
		},
		clear: () => blobs.clear(),
	};
}
