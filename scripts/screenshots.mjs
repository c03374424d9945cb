// `npm run screenshots`: every page of the window in both languages, both themes and two sizes, into screenshots/.
// The store is made for it: the sample images, whatever image archives are found beside the checkout, and a container
// with edits of every kind.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { _electron } from '@playwright/test';
import { findElectron } from './electron-runtime.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { withDisplay } from './lib/display.mjs';
import { ensureSystemLibraries } from './system-libraries.mjs';

const TARGET = resolve('screenshots');
const IMAGES = resolve(process.env['LAMINA_IMAGES'] ?? '../shared/images');
const LANGUAGES = ['en', 'zh-CN'];
const THEMES = ['light', 'dark'];
const SIZES = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
];
/** Animations of the component library have ended after this; there is no event for "all is quiet". */
const SETTLE_MS = 350;

await ensureSystemLibraries();
await ensureBuilt();
const { executable } = await findElectron({ log: (line) => console.log(line) });
const folder = await mkdtemp(join(tmpdir(), 'lamina-screenshots-'));
try {
  await rm(TARGET, { recursive: true, force: true });
  await mkdir(TARGET, { recursive: true });
  await withDisplay((env) => takeAll(env), { always: true, size: '1600x1200x24' });
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function takeAll(env) {
  const electron = await _electron.launch({
    executablePath: executable,
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '.'],
    env: { ...env, LAMINA_USER_DATA: join(folder, 'user'), LAMINA_STORE: join(folder, 'store') },
  });
  try {
    const page = await electron.firstWindow();
    await page.waitForLoadState();
    const call = (name, input) => callBridge(page, name, input);
    let count = await takeInAllStyles(electron, page, 'empty', '/images');
    const pages = await fillStore(electron, call);
    // The notices of all those imports would lie over every picture.
    await page.reload();
    await page.waitForLoadState();
    for (const [name, address, prepare] of pages)
      count += await takeInAllStyles(electron, page, name, address, prepare);
    console.log(`${count} pictures in ${TARGET}`);
  } finally {
    await electron.close();
  }
}

async function callBridge(page, name, input) {
  const answer = await page.evaluate(([call, given]) => window.lamina.call(call, given), [name, input]);
  if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`);
  return answer.value;
}

/** Answers the pages to take: name, address, and what to do there first. */
async function fillStore(electron, call) {
  const textbook = await call('images.sample', { which: 'textbook' });
  const story = await call('images.sample', { which: 'story' });
  if (existsSync(IMAGES)) await importAll(electron, call);
  const { id } = await call('containers.create', { imageKey: story.key, name: 'workbench' });
  await edit(call, id, story.key);
  return [
    ['images', '/images'],
    ['explore-textbook', `/images/${textbook.key}/explore`, (page) => openFirstFile(page)],
    ['explore-story', `/images/${story.key}/explore`, (page) => openFirstFile(page)],
    ['history', `/images/${textbook.key}/history`],
    ['inspect', `/images/${textbook.key}/inspect`],
    ['containers', '/containers'],
    ['container', `/containers/${id}`, (page) => openFirstFile(page)],
    ['container-changes', `/containers/${id}`, (page) => clickIfThere(page, /changes|更改|变更/i)],
    ['container-commit', `/containers/${id}`, (page) => clickIfThere(page, /^(commit|提交)/i)],
    ['activity', '/activity'],
    ['settings', '/settings'],
  ];
}

async function importAll(electron, call) {
  const names = (await readdir(IMAGES)).filter((name) => /\.(tar|tgz|gz|xz)$/.test(name));
  const paths = names.map((name) => join(IMAGES, name));
  await electron.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths });
  }, paths);
  await call('images.importDialog', { kind: 'file' });
  while ((await call('jobs.list')).some((job) => job.endedAt === undefined)) {
    await new Promise((done) => setTimeout(done, 200));
  }
}

async function edit(call, id, key) {
  await call('containers.newFolder', { id, parent: '', name: '新文件夹' });
  await call('containers.newFile', { id, parent: '', name: 'notes.md' });
  await call('containers.writeText', { id, path: 'notes.md', text: '# Notes\n\nA new file.\n', encoding: 'utf-8' });
  const options = { mode: 'union', ghosts: false, filter: '', sort: { by: 'name', descending: false } };
  const { view } = await call('tree.open', { target: { kind: 'image', key }, options });
  await call('tree.toggle', { view, path: '', open: true, deep: true });
  const files = (await call('tree.rows', { view, offset: 0, limit: 500 })).filter((row) => row.type === 'file');
  await call('tree.close', { view });
  const [first, second, third] = files;
  if (first) await call('containers.deletePaths', { id, paths: [first.path] });
  if (second) await call('containers.setAttributes', { id, path: second.path, mode: 0o600, recursive: false });
  if (third) await call('containers.renamePath', { id, path: third.path, name: `${third.name}.old` });
}

async function openFirstFile(page) {
  const row = page.getByRole('treegrid').or(page.getByRole('tree')).getByRole('row').nth(1);
  if ((await row.count()) > 0) await row.click();
}

async function clickIfThere(page, name) {
  for (const role of ['tab', 'button', 'radio']) {
    const element = page.getByRole(role, { name }).first();
    if ((await element.count()) > 0) {
      await element.click();
      return;
    }
  }
}

async function takeInAllStyles(electron, page, name, address, prepare = async () => undefined) {
  let count = 0;
  for (const language of LANGUAGES) {
    for (const theme of THEMES) {
      await callBridge(page, 'settings.set', { language, theme });
      for (const size of SIZES) {
        await resize(electron, size);
        await page.evaluate((hash) => {
          location.hash = '#/settings';
          location.hash = hash;
        }, `#${address}`);
        await page.waitForTimeout(SETTLE_MS);
        await prepare(page);
        await page.waitForTimeout(SETTLE_MS);
        const file = `${name}-${language}-${theme}-${size.width}x${size.height}.png`;
        await writeFile(join(TARGET, file), await page.screenshot());
        await page.keyboard.press('Escape');
        count += 1;
      }
    }
  }
  return count;
}

function resize(electron, { width, height }) {
  return electron.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0].setContentSize(size.width, size.height),
    { width, height },
  );
}
