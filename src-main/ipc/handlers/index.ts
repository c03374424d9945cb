import type { EngineCallName, Handlers, HostHandlers } from '../calls';
import { containerHandlers } from './containers';
import type { HandlerContext } from './context';
import { hostHandlers } from './host';
import { imageHandlers } from './images';
import { jobHandlers } from './jobs';
import { storeHandlers } from './store';
import { treeHandlers } from './tree';

/** All that the engine thread answers. */
export function engineHandlers(context: HandlerContext): Handlers<EngineCallName> & HostHandlers {
  return {
    ...imageHandlers(context),
    ...containerHandlers(context),
    ...treeHandlers(context),
    ...jobHandlers(context),
    ...storeHandlers(context),
    ...hostHandlers(context),
  };
}

export type { HandlerContext } from './context';
