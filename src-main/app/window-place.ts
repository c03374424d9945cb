/** Where the window was: remembered between runs, and forgotten when no screen shows that place any more. */
import { z } from 'zod';
import { readJson, writeJson } from './atomic-json';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowPlace {
  /** Undefined: where the system likes. */
  readonly bounds: Rectangle | undefined;
  readonly maximized: boolean;
}

export const MIN_WIDTH = 760;
export const MIN_HEIGHT = 520;
/** At least this much of the window must be on a screen for it to be found and moved. */
const VISIBLE_EDGE = 80;

const placeSchema = z.object({
  bounds: z
    .object({ x: z.int(), y: z.int(), width: z.int().min(MIN_WIDTH), height: z.int().min(MIN_HEIGHT) })
    .optional(),
  maximized: z.boolean(),
});

export function readPlace(file: string, screens: readonly Rectangle[]): WindowPlace {
  const parsed = placeSchema.safeParse(readJson(file));
  if (!parsed.success) return { bounds: undefined, maximized: false };
  const { bounds, maximized } = parsed.data;
  return {
    bounds: bounds !== undefined && screens.some((screen) => shows(screen, bounds)) ? bounds : undefined,
    maximized,
  };
}

export function writePlace(file: string, place: WindowPlace): void {
  writeJson(file, place);
}

/** The title bar can be grabbed: enough of its width is on the screen, and its height is. */
function shows(screen: Rectangle, window: Rectangle): boolean {
  const width = Math.min(screen.x + screen.width, window.x + window.width) - Math.max(screen.x, window.x);
  const top = window.y >= screen.y - 8 && window.y <= screen.y + screen.height - VISIBLE_EDGE;
  return width >= VISIBLE_EDGE && top;
}
