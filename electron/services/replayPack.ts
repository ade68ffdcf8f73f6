/** `replayPack` of `#assembly` on Node. */
import * as assembly from '#assembly';
import type { AuditOptions } from '#intake';
import type { Files, PackManifest } from '#pack';
import { nodeIntakePorts } from './nodeIntake.ts';

export type { ReplayReport } from '#assembly';

export const replayPack = (
	files: Files,
	manifest: PackManifest,
	options: Pick<AuditOptions, 'signal' | 'onProgress'> = {},
): Promise<assembly.ReplayAnswer> => assembly.replayPack(files, manifest, nodeIntakePorts, options);
