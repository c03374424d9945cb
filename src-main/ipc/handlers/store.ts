import type { EngineCallName, Handlers } from '../calls';
import type { HandlerContext } from './context';
import { usageView } from './views';

export function storeHandlers(context: HandlerContext): Handlers<Extract<EngineCallName, `store.${string}`>> {
  const { lamina, jobs, announce } = context;
  return {
    'store.usage': async () => usageView(await lamina.usage()),
    'store.collect': async () => {
      const job = jobs.add({ kind: 'collect', subject: lamina.dir, urgent: true, run: () => lamina.collect() });
      const { freedBytes, removed } = await job.result;
      announce('images.changed', undefined);
      return { freedBytes, removed: removed.length };
    },
  };
}
