/** Bytes of documents in a folder, encrypted under the tenant's key. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { HubKeys } from '../keys/hubKeys.ts';
import type { DocumentFiles } from './evidenceRoutes.ts';

export function documentFiles(folder: string, keys: HubKeys): DocumentFiles {
	const pathOf = (tenant: string, sha256: string): string => join(folder, tenant, sha256.slice(0, 2), sha256);
	return {
		async read(tenant, sha256) {
			const sealed = await readFile(pathOf(tenant, sha256)).catch((error: NodeJS.ErrnoException) => {
				if (error.code === 'ENOENT') return null;
				throw error;
			});
			return sealed && keys.decrypt(tenant, sealed);
		},
		async write(tenant, sha256, bytes) {
			const path = pathOf(tenant, sha256);
			await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
			const half = `${path}.${randomBytes(4).toString('hex')}.half`;
			const file = await open(half, 'wx', 0o600);
			try {
				await file.writeFile(keys.encrypt(tenant, bytes));
				await file.datasync();
			} finally {
				await file.close();
			}
			await rename(half, path);
		},
	};
}
