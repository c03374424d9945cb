import type { EngineCallName, Handlers } from '../calls';
import type { HandlerContext } from './context';

export function jobHandlers({ jobs }: HandlerContext): Handlers<Extract<EngineCallName, `jobs.${string}`>> {
  return {
    'jobs.list': () => jobs.rows(),
    'jobs.cancel': ({ id }) => jobs.cancel(id),
    'jobs.clear': () => jobs.clear(),
  };
}
