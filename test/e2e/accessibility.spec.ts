/** axe-core on every page, in both themes: no serious finding. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { expect, test } from '../support/app';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const THEMES = ['light', 'dark'] as const;

async function seriousFindings(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map((node) => node.target.join(' ')).join(', ')})`);
}

test('no page has a serious accessibility fault, light or dark', async ({ lamina }) => {
  const { page } = lamina;
  // The protocol evaluates it, so the page's own policy need not allow it.
  await page.evaluate(await readFile(AXE, 'utf8'));
  const empty = await seriousFindings(page);
  expect(empty).toEqual([]);

  const { key } = await lamina.call('images.sample', { which: 'story' });
  const { id } = await lamina.call('containers.create', { imageKey: key, name: 'bench' });
  await lamina.call('containers.newFile', { id, parent: '', name: 'note.txt' });
  /** Each page with something that is there once the page has its data. */
  const places = [
    ['/images', 'image-table'],
    [`/images/${key}/explore`, 'tree'],
    [`/images/${key}/history`, 'history'],
    [`/images/${key}/inspect`, 'json'],
    ['/containers', 'container-table'],
    [`/containers/${id}`, 'tree'],
    ['/activity', 'job'],
    ['/settings', 'theme'],
  ] as const;
  for (const theme of THEMES) {
    await lamina.call('settings.set', { theme });
    await expect(page.locator('html')).toHaveClass(theme === 'dark' ? /dark/ : /^(?!.*dark)/);
    for (const [place, shown] of places) {
      await page.evaluate((address) => (location.hash = address), `#${place}`);
      await expect(page.getByTestId(shown).first()).toBeVisible();
      expect({ theme, place, findings: await seriousFindings(page) }).toEqual({ theme, place, findings: [] });
    }
  }
});
