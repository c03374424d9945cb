/** The Electron channels underneath the contract; only main's side of the window, `register.ts` and the preload use them. */
export const CALL_CHANNEL = 'lamina:call';
export const EVENT_CHANNEL = 'lamina:event';
export const DROP_CHANNEL = 'lamina:drop';
/** Sent by the preload once the page listens to commands: those given before are delivered then. */
export const READY_CHANNEL = 'lamina:ready';
