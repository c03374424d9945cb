import { expect, test } from '../support/app';

test('an empty store offers the sample image by one click, and it shows six files and both versions of file 5', async ({
  lamina,
}) => {
  const { page } = lamina;
  await page
    .getByRole('button', { name: /sample image/i })
    .first()
    .click();
  await expect.poll(async () => (await lamina.call('images.list', undefined)).length).toBe(1);
  await expect(page.getByTestId(/^row-file\d$/)).toHaveCount(6);
  await page.getByTestId('row-file5').click();
  await expect(page.getByTestId('version-3')).toBeVisible();
  await expect(page.getByTestId('version-2')).toBeVisible();
});
