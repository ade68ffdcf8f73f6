/** What intake may do with the hub's keys: personal data is never written in clear, neither in rows nor in what waits or was set aside. */
import type { HubKeys } from '../keys/hubKeys.ts';

export type FieldVault = Pick<HubKeys, 'hide' | 'reveal' | 'encrypt' | 'decrypt'>;
