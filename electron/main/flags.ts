/** True in builds made for journeys: there the debugging switches are let through and dialogs can be answered. Set when bundling. */
declare const __TIEOUT_E2E__: boolean;

export const IS_E2E: boolean = __TIEOUT_E2E__;
