import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { ImageRow, JobRow } from '../../src-main/ipc/contract/views';
import { expect, test, type LaminaApp } from '../support/app';

/** A container on the textbook sample, open in the window. */
async function openContainer(lamina: LaminaApp): Promise<string> {
  const { key } = await lamina.call('images.sample', { which: 'textbook' });
  const { id } = await lamina.call('containers.create', { imageKey: key, name: 'bench' });
  await lamina.page.evaluate((address) => (location.hash = address), `#/containers/${id}`);
  await expect(lamina.page.getByTestId('row-file5')).toBeVisible();
  return id;
}

async function type(page: Page, field: string, text: string): Promise<void> {
  await page.getByTestId(field).getByRole('textbox').fill(text);
}

/** A dialog has just opened: one can type into this field of it at once. */
async function expectFocus(page: Page, field: string): Promise<void> {
  await expect(page.getByTestId(field).getByRole('textbox')).toBeFocused();
}

/** What the changes tab lists, as `docker diff` prints it. */
async function changes(lamina: LaminaApp, id: string): Promise<string[]> {
  const rows = await lamina.call('containers.changes', { id });
  return rows.map((row) => `${row.kind} ${row.displayPath}`).sort();
}

async function jobState(lamina: LaminaApp, kind: JobRow['kind']): Promise<JobRow['state'] | undefined> {
  return (await lamina.call('jobs.list', undefined)).find((job) => job.kind === kind)?.state;
}

async function imageNamed(lamina: LaminaApp, reference: string): Promise<ImageRow | undefined> {
  return (await lamina.call('images.list', undefined)).find((row) => row.references.includes(reference));
}

test('files are edited, added, renamed, changed and deleted, and the commit makes an image of it', async ({
  lamina,
}) => {
  const { page } = lamina;
  const id = await openContainer(lamina);

  // edit text in place
  await page.getByTestId('row-file5').click();
  await page.getByTestId('edit').click();
  await page.getByTestId('edit-text').fill('edited here\n');
  await page.getByTestId('edit-text').press('Control+s');
  await expect(page.getByTestId('preview')).toContainText('edited here');
  await expect(page.getByTestId('story')).toHaveText('From the writable layer, hides 2 older versions.');

  // new folder, and a host file dropped into it
  await page.getByTestId('new-folder').click();
  await expectFocus(page, 'name');
  await type(page, 'name', 'etc');
  await page.getByTestId('name-ok').click();
  await expect(page.getByTestId('row-etc')).toBeVisible();
  const host = join(lamina.folder, 'motd');
  await writeFile(host, 'welcome\n');
  await lamina.dropFiles([host], '[data-testid=row-etc]');
  await expect.poll(() => jobState(lamina, 'add')).toBe('done');
  if (!(await page.getByTestId('row-etc/motd').isVisible()))
    await page.getByTestId('row-etc').getByRole('button').click();
  await expect(page.getByTestId('row-etc/motd')).toBeVisible();

  // rename by key, permissions by dialog
  await page.getByTestId('row-etc/motd').click();
  await page.getByTestId('tree').press('F2');
  await type(page, 'name', 'issue');
  await page.getByTestId('name-ok').click();
  await expect(page.getByTestId('row-etc/issue')).toBeVisible();
  await page.getByTestId('permissions').click();
  await type(page, 'mode-octal', '4750');
  await type(page, 'mode-uid', '1000');
  await page.getByTestId('mode-apply').click();
  await expect(page.getByTestId('details')).toContainText('-rwsr-x---');
  await expect(page.getByTestId('details')).toContainText('1000:');

  // delete by key, with a question that names the file
  await page.getByTestId('row-file1').click();
  await page.getByTestId('tree').press('Delete');
  await expect(page.getByTestId('delete-paths')).toHaveText('/file1');
  await page.getByTestId('confirm-ok').click();
  await expect(page.getByTestId('row-file1')).toHaveCount(0);

  expect(await changes(lamina, id)).toEqual(['A /etc', 'A /etc/issue', 'C /file5', 'D /file1']);
  await page.getByTestId('tab-changes').click();
  await expect(page.getByTestId('changes')).toContainText('Deleted/file1');
  await page.getByTestId('change-file1').click();
  await expect(page.getByTestId('story')).toHaveText('Deleted in the writable layer; still in the image.');

  // commit: a name that Docker would not take is refused while one types
  await page.getByTestId('commit').click();
  await expectFocus(page, 'commit-reference');
  await type(page, 'commit-reference', 'bench:-1');
  await expect(page.getByTestId('commit-ok')).toBeDisabled();
  await type(page, 'commit-reference', 'bench/edited:1');
  await type(page, 'commit-message', 'a test of the window');
  await type(page, 'commit-author', 'Name <name@example.com>');
  await page.getByTestId('commit-changes').fill('RUN true');
  await expect(page.getByTestId('commit-ok')).toBeDisabled();
  await page.getByTestId('commit-changes').fill('ENV PLACE=window\nCMD ["/bin/true"]');
  await page.getByTestId('commit-ok').click();
  await page.getByRole('link', { name: 'Show it' }).click();

  await expect(page.getByTestId('image-title')).toContainText('bench/edited');
  await page.getByTestId('row-file5').click();
  await expect(page.getByTestId('story')).toHaveText('From layer 4, hides 2 older versions.');
  await expect(page.getByTestId('preview')).toContainText('edited here');
  await page.getByTestId('tab-history').click();
  await expect(page.getByTestId('history')).toContainText('a test of the window');
  await page.getByTestId('tab-inspect').click();
  await expect(page.getByTestId('json')).toContainText('Name <name@example.com>');
  await expect.poll(async () => (await lamina.call('settings.get', undefined)).author).toBe('Name <name@example.com>');

  // export by the system's dialog, and the file comes back in
  const exported = join(lamina.folder, 'edited.tar');
  await lamina.chooseInSaveDialog(exported);
  await page.getByTestId('export').click();
  await page.getByTestId('export-docker').click();
  await expect.poll(() => jobState(lamina, 'export')).toBe('done');
  expect((await stat(exported)).size).toBeGreaterThan(0);
  const committed = await imageNamed(lamina, 'bench/edited:1');
  await lamina.call('images.remove', { key: committed!.key });
  expect(await imageNamed(lamina, 'bench/edited:1')).toBeUndefined();
  await lamina.dropFiles([exported]);
  await expect.poll(() => jobState(lamina, 'import')).toBe('done');
  expect((await imageNamed(lamina, 'bench/edited:1'))?.id).toBe(committed!.id);
});

test('text that was typed and not saved is not lost without a question', async ({ lamina }) => {
  const { page } = lamina;
  await openContainer(lamina);
  await page.getByTestId('row-file4').click();
  await page.getByTestId('edit').click();
  await page.getByTestId('edit-text').fill('half a thought');
  await page.getByTestId('row-file6').click();
  await page.getByTestId('confirm-cancel').click();
  await expect(page.getByTestId('edit-text')).toHaveValue('half a thought');
  await page.getByTestId('row-file6').click();
  await page.getByTestId('confirm-ok').click();
  await expect(page.getByTestId('details-path')).toHaveText('/file6');
  await page.getByTestId('row-file4').click();
  await expect(page.getByTestId('preview')).not.toContainText('half a thought');
});

test('a folder of the computer is added by the dialog, and a change is refused with its reason', async ({ lamina }) => {
  const { page } = lamina;
  await openContainer(lamina);
  const folder = join(lamina.folder, 'site');
  await mkdir(join(folder, 'css'), { recursive: true });
  await writeFile(join(folder, 'css', 'main.css'), 'body {}\r\n');
  await lamina.chooseInOpenDialog([folder]);
  await page.getByTestId('add').click();
  await page.getByTestId('add-folder').click();
  await page.getByTestId('row-site').click();
  await page.getByTestId('tree').press('*');
  await page.getByTestId('row-site/css/main.css').click();
  await page.getByTestId('edit').click();
  await expect(page.getByTestId('editor')).toContainText('CRLF');
  await page.getByTestId('edit-text').fill('body {}\np {}\n');
  await page.getByTestId('edit-save').click();
  await expect(page.getByTestId('preview')).toContainText('p {}');
  await expect(page.getByTestId('details')).toContainText('15 B');

  await page.getByTestId('row-site').click();
  await page.getByTestId('rename').click();
  await type(page, 'name', 'file6');
  await page.getByTestId('name-ok').click();
  await expect(page.getByRole('dialog')).toContainText('file6');
  await expect(page.getByRole('dialog').locator('.wrong').first()).toBeVisible();
});
