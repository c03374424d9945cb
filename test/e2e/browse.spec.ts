import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type LaminaApp } from '../support/app';
import { dockerFiles, image, pack, plainLayer } from '../support/image-builder';
import { dir, file, symlink, whiteout } from '../support/tar-builder';

/** Three layers: a base, a file on it, and one that replaces a file and deletes another. */
async function writeArchive(lamina: LaminaApp): Promise<string> {
  const built = image(
    [
      plainLayer([
        dir('etc'),
        file('etc/app.conf', 'port = 80\n'),
        file('etc/old.conf', 'forgotten\n'),
        file('etc/os-release', 'PRETTY_NAME="Example Linux 7"\nID=example\n'),
        symlink('conf', 'etc/app.conf'),
      ]),
      plainLayer([dir('srv'), file('srv/data.bin', new Uint8Array([0, 1, 2, 0x41, 0xff]))]),
      plainLayer([dir('etc'), file('etc/app.conf', 'port = 443\n'), whiteout('etc/old.conf')]),
    ],
    {
      tags: ['example/browse:1.0'],
      config: {
        config: { Cmd: ['/app'], Env: ['COLOUR=teal'] },
        history: [
          { created_by: '/bin/sh -c #(nop) ADD file:0123456789ab in / ' },
          { created_by: '/bin/sh -c make data' },
          { created_by: '/bin/sh -c #(nop)  ENV COLOUR=teal', empty_layer: true },
          { created_by: 'RUN /bin/sh -c harden # buildkit', comment: 'port 443 only' },
        ],
      },
    },
  );
  const archive = join(lamina.folder, 'browse.tar');
  await writeFile(archive, pack(dockerFiles([built])));
  return archive;
}

test('an image that is dropped on the window can be seen through, layer by layer', async ({ lamina }) => {
  const { page } = lamina;
  await lamina.dropFiles([await writeArchive(lamina)]);
  const listed = page.getByTestId('image-table').getByText('example/browse');
  await expect(listed).toBeVisible();
  await listed.dblclick();

  await expect(page.getByTestId('mode')).toHaveText('Everything, as a container sees it');
  await expect(page.getByTestId('amount')).toHaveText(/^4 files seen · 3 layers · /);
  await expect(page.getByText('Example Linux 7').first()).toBeVisible();

  await page.getByTestId('plate-2').click();
  await expect(page.getByTestId('mode')).toHaveText('Only layer 2');
  await expect(page.getByTestId('row-srv')).toBeVisible();
  await expect(page.getByTestId('row-conf')).toHaveCount(0);

  await page.getByTestId('plate-2').click({ modifiers: ['Shift'] });
  await expect(page.getByTestId('mode')).toHaveText('As of layer 2');
  await page.getByTestId('row-etc').getByRole('button').click();
  await expect(page.getByTestId('row-etc/old.conf')).toBeVisible();

  await page.getByTestId('stack-all').click();
  await expect(page.getByTestId('row-etc/old.conf')).toHaveCount(0);
  await page.getByTestId('ghosts').click();
  const ghost = page.getByTestId('row-etc/old.conf');
  await expect(ghost).toContainText('(no longer there)');
  await ghost.click();
  await expect(page.getByTestId('story')).toHaveText('Gone since layer 3; still in the download.');
  await expect(page.getByTestId('preview')).toContainText('forgotten');
  await expect(page.getByTestId('version-1')).toContainText('deleted in layer 3');
});

test('the details tell where a file comes from and open its older versions', async ({ lamina }) => {
  const { page } = lamina;
  await lamina.dropFiles([await writeArchive(lamina)]);
  await page.getByTestId('image-table').getByText('example/browse').dblclick();
  await page.getByTestId('row-etc').getByRole('button').click();
  await page.getByTestId('row-etc/app.conf').click();
  await expect(page.getByTestId('story')).toHaveText('From layer 3, hides 1 older version.');
  await expect(page.getByTestId('preview')).toContainText('port = 443');

  await page.getByTestId('version-1').click();
  await expect(page.getByTestId('preview')).toContainText('port = 80');
  await expect(page.getByTestId('preview-which')).toHaveText('Content as layer 1 wrote it');
  await expect(page.getByTestId('version-1')).toContainText('replaced in layer 3');

  await page.getByTestId('row-conf').click();
  await page.getByTestId('follow-link').click();
  await expect(page.getByTestId('details-path')).toHaveText('/etc/app.conf');

  await page.getByTestId('filter').fill('*.bin');
  await expect(page.getByTestId('filter-matches')).toHaveText('1 match');
  await page.getByTestId('row-srv/data.bin').click();
  await expect(page.getByTestId('preview')).toContainText('00 01 02 41 ff');
});

test('the file tree is walked by keyboard alone', async ({ lamina }) => {
  const { page } = lamina;
  await lamina.dropFiles([await writeArchive(lamina)]);
  await page.getByTestId('image-table').getByText('example/browse').dblclick();
  await expect(page.getByTestId('row-etc')).toBeVisible();
  await page.getByTestId('tree').focus();
  for (const key of ['Home', 'ArrowDown', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
  await expect(page.getByTestId('details-path')).toHaveText('/etc/app.conf');
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByTestId('details-path')).toHaveText('/etc');
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByTestId('row-etc/app.conf')).toHaveCount(0);
  await page.keyboard.type('sr');
  await expect(page.getByTestId('details-path')).toHaveText('/srv');
});

test('history and inspect say how the image was made and let one search', async ({ lamina }) => {
  const { page } = lamina;
  await lamina.dropFiles([await writeArchive(lamina)]);
  await page.getByTestId('image-table').getByText('example/browse').dblclick();

  await page.getByTestId('tab-history').click();
  const rows = page.getByTestId('history').locator('tbody tr');
  await expect(rows).toHaveCount(4);
  await expect(rows.nth(0)).toContainText('RUN harden');
  await expect(rows.nth(0)).toContainText('port 443 only');
  await expect(rows.nth(1)).toContainText('no layer');
  await expect(rows.nth(3)).toContainText('ADD file:0123456789ab in /');
  await page.getByTestId('history-layer-2').click();
  await expect(page.getByTestId('mode')).toHaveText('Only layer 2');

  await page.getByTestId('tab-inspect').click();
  await page.getByTestId('json-search').fill('colour');
  await expect(page.getByTestId('json-hits')).toHaveText(/^1 of \d+$/);
  await expect(page.getByTestId('json')).toContainText('"COLOUR=teal"');
});
