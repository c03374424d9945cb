/** The Electron channels underneath the contract; only `register.ts` and the preload use them. */
export const CALL_CHANNEL = 'lamina:call';
export const EVENT_CHANNEL = 'lamina:event';
export const DROP_CHANNEL = 'lamina:drop';
