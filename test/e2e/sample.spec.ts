import { expect, test } from '../support/app';

test('an empty store offers the sample image by one click, and it opens', async ({ lamina }) => {
  const { page } = lamina;
  await page
    .getByRole('button', { name: /sample image/i })
    .first()
    .click();
  await expect.poll(async () => (await lamina.call('images.list', undefined)).length).toBe(1);
  await expect(page.getByText('file7').first()).toBeVisible();
});
