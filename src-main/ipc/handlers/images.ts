import type { Image } from '../../engine/index';
import { LaminaError } from '../../engine/index';
import type { EngineCallName, Handlers } from '../calls';
import type { HandlerContext } from './context';
import { distributionOf } from './distribution';
import { historyRow, imageDetails, imageRow } from './views';

export type ImageCallName = Extract<EngineCallName, `images.${string}`>;

export function imageHandlers(context: HandlerContext): Handlers<ImageCallName> {
  const { lamina } = context;
  return {
    'images.list': async () => (await lamina.images.list()).map(imageRow),
    'images.get': async ({ key }) => {
      const summaries = await lamina.images.list();
      const summary = summaries.find((candidate) => candidate.key === key);
      if (summary === undefined)
        throw new LaminaError('IMAGE_NOT_FOUND', 'The image is not there any more.', { subject: key });
      const image = await lamina.images.get(key);
      const others = summaries.filter((other) => other.key !== key).map((other) => lamina.images.get(other.key));
      const distribution = await distributionOf(await context.browses.image(key));
      return imageDetails(summary, image, { distribution, sharedWith: sharedWith(image, await settled(others)) });
    },
    'images.history': async ({ key }) => (await lamina.images.history(key)).map(historyRow).reverse(),
    'images.inspect': async ({ key, format }) =>
      JSON.stringify([await lamina.images.inspect(key, format)], undefined, 4),
    'images.tag': async ({ key, reference }) => {
      await lamina.images.tag(key, reference);
      context.announce('images.changed', undefined);
    },
    'images.untag': ({ reference }) => remove(context, reference),
    'images.remove': ({ key }) => remove(context, key),
    'images.sample': async ({ which }) => {
      const job = context.jobs.add({
        kind: 'sample',
        subject: which,
        urgent: true,
        run: () => lamina.images.sample(which),
        imageKeys: (image) => [image.key],
      });
      const { key } = await job.result;
      context.announce('images.changed', undefined);
      return { key };
    },
  };
}

async function remove(context: HandlerContext, ref: string): Promise<void> {
  await context.lamina.images.remove(ref);
  context.browses.clear();
  context.announce('images.changed', undefined);
}

/** An image that cannot be read shares nothing that matters here; its own page says what is wrong with it. */
async function settled(images: readonly Promise<Image>[]): Promise<Image[]> {
  const results = await Promise.allSettled(images);
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

function sharedWith(image: Image, others: readonly Image[]): Map<string, number> {
  const blobsOfOthers = others.map((other) => new Set(other.layers.map((layer) => layer.digest)));
  return new Map(image.layers.map(({ digest }) => [digest, blobsOfOthers.filter((blobs) => blobs.has(digest)).length]));
}
