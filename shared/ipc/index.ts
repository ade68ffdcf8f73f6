export * from './answer.ts';
export * from './channels.ts';
export { CERTIFICATES_MAX, E2E_CONTRACT, FILE_KINDS, type FileKind, IPC_CONTRACT, IPC_EVENTS } from './contract.ts';
export * from './filesPort.ts';
export type { HubQuestion, HubReply } from './hubPort.ts';
export * from './limits.ts';
