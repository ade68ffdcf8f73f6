/** All that a page may ask the main process for, over the stores of one window. */
import { ok } from '#kernel';
import type { BlobStore } from './blobs.ts';
import type { CertificateKeeper } from './certificates.ts';
import { checkingHandlers } from './checking.ts';
import type { Handlers, MainContext } from './context.ts';
import { prepareAnswer } from './dialogs.ts';
import type { DropStore } from './drops.ts';
import type { FileStore } from './files.ts';
import { noticeHandlers } from './notices.ts';
import type { SampleWriter } from './samples.ts';
import { signingHandlers } from './signing.ts';
import { windowHandlers } from './windowHandlers.ts';

export interface PageParts {
	readonly context: MainContext;
	readonly blobs: BlobStore;
	readonly files: FileStore;
	readonly certificates: CertificateKeeper;
	readonly drops: DropStore;
	readonly samples: SampleWriter;
	readonly window: Parameters<typeof windowHandlers>[0];
}

export function pageHandlers({ context, blobs, files, certificates, drops, samples, window }: PageParts): Handlers {
	return {
		...windowHandlers(window),
		...noticeHandlers(context),
		...certificates.handlers,
		...drops.handlers,
		...samples.handlers,
		...files.handlers,
		...blobs.handlers,
		...signingHandlers({ files, blobs }),
		...checkingHandlers(context, { files, blobs }),
		'e2e.setDialogAnswer': ({ dialog, path }) => {
			prepareAnswer(dialog, path);
			return ok({});
		},
	};
}
