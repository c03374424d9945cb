/** What main announces to every window. Events tell that something changed; calls fetch what it is. */
import type { EffectiveSettings, JobRow, TreeState } from './views';

/** Commands of the native menu and the tray that the window carries out. */
export type WindowCommand =
  | { readonly kind: 'go'; readonly page: 'images' | 'containers' | 'activity' | 'settings' }
  | { readonly kind: 'openImage'; readonly key: string }
  | { readonly kind: 'focusSearch' };

export interface EventPayloads {
  /** Jobs as they are now; at most ten times a second. */
  'jobs.changed': readonly JobRow[];
  /** Images or references changed. */
  'images.changed': undefined;
  /** Containers or their layers changed. */
  'containers.changed': undefined;
  /** An open tree was rebuilt because its container changed; expanded rows are kept. */
  'tree.changed': TreeState;
  'settings.changed': EffectiveSettings;
  'window.command': WindowCommand;
}

export type EventName = keyof EventPayloads;
