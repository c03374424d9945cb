import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LaminaApp } from '../support/app';
import { expect, test } from '../support/app';

/** The sample image as a file, in a store that does not have it. */
async function sampleArchive(lamina: LaminaApp): Promise<string> {
  const { key } = await lamina.call('images.sample', { which: 'textbook' });
  const file = join(lamina.folder, 'sample.tar');
  await lamina.chooseInSaveDialog(file);
  await lamina.call('images.exportDialog', { keys: [key], format: 'docker-archive' });
  await lamina.jobsDone();
  await lamina.call('images.remove', { key });
  await lamina.call('jobs.clear', undefined);
  return file;
}

async function openDropped(lamina: LaminaApp, file: string): Promise<string> {
  await lamina.dropFiles([file]);
  const [job] = await lamina.jobsDone();
  expect(job).toMatchObject({ kind: 'import', state: 'done', subject: 'sample.tar' });
  const key = job!.imageKeys[0]!;
  await lamina.page.evaluate((address) => (location.hash = address), `#/images/${key}/explore`);
  return key;
}

test('a container is edited in the window, committed and exported, and the parent layers stay as they were', async ({
  lamina,
}) => {
  const { page } = lamina;
  const parentKey = await openDropped(lamina, await sampleArchive(lamina));
  await page.getByTestId('new-container').click();
  await page.getByTestId('container-create').click();
  await expect(page.getByTestId('container-title')).toBeVisible();

  await page.getByTestId('row-file5').click();
  await page.getByTestId('edit').click();
  await page.getByTestId('edit-text').fill('edited in the window\n');
  await page.getByTestId('edit-save').click();
  await expect(page.getByTestId('preview')).toContainText('edited in the window');
  await page.getByTestId('new-folder').click();
  await page.getByRole('dialog').getByRole('textbox').fill('新文件夹');
  await page.getByTestId('name-ok').click();
  await expect(page.getByTestId('tree').getByText('新文件夹', { exact: true })).toBeVisible();

  await expect(page.getByRole('dialog')).toHaveCount(0);
  const note = join(lamina.folder, 'note.txt');
  await writeFile(note, 'from the host\n');
  await lamina.dropFiles([note], '[data-testid=row-file1]');
  await expect(page.getByTestId('row-note.txt')).toBeVisible();

  await page.getByTestId('tab-changes').click();
  await expect(page.getByTestId(/^change-/)).toHaveCount(3);
  await page.getByTestId('commit').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name and tag of the new image').fill('edited:1');
  await dialog.getByLabel('Message').fill('why it was edited');
  await dialog.getByLabel('Author').fill('An author');
  await page.getByTestId('commit-ok').click();
  await expect.poll(async () => (await lamina.call('images.list', undefined)).length).toBe(2);

  const images = await lamina.call('images.list', undefined);
  const made = images.find((image) => image.references.includes('edited:1'))!;
  const details = await lamina.call('images.get', { key: made.key });
  const parent = await lamina.call('images.get', { key: parentKey });
  expect(details.layerRows.slice(0, 3).map((layer) => layer.diffId)).toEqual(
    parent.layerRows.map((layer) => layer.diffId),
  );
  expect(details).toMatchObject({ layers: 4, author: 'An author' });
  expect((await lamina.call('images.history', { key: made.key }))[0]).toMatchObject({ comment: 'why it was edited' });

  const exported = join(lamina.folder, 'edited.tar');
  await lamina.chooseInSaveDialog(exported);
  await lamina.call('images.exportDialog', { keys: [made.key], format: 'docker-archive' });
  expect((await lamina.jobsDone())[0]).toMatchObject({ kind: 'export', state: 'done' });
  expect((await readFile(exported)).subarray(257, 262).toString()).toBe('ustar');
});

test('a file that is no image is refused with its name, the reason and what to do', async ({ lamina }) => {
  const file = join(lamina.folder, 'holiday.jpg');
  await writeFile(file, Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]));
  await lamina.dropFiles([file]);
  const [job] = await lamina.jobsDone();
  expect(job?.state).toBe('failed');
  expect(job?.error?.message).toContain('holiday.jpg');
  expect(job?.error?.hint).toBeTruthy();
  await lamina.page.getByTestId('nav-activity').click();
  await expect(lamina.page.getByTestId('job').first()).toContainText('holiday.jpg');
  expect(await lamina.call('images.list', undefined)).toEqual([]);
});
