import type { Bridge } from '@contract/bridge';
export function createFakeBridge(): Bridge {
  return window.lamina;
}
