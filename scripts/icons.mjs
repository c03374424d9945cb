// `node scripts/icons.mjs`: draws assets/icon.svg and assets/tray.svg at every size that the systems ask for. The
// results are committed; run it after a change of the drawings. Chromium draws, so it needs an Electron and a display.
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findElectron } from './electron-runtime.mjs';
import { withDisplay } from './lib/display.mjs';

const root = path.join(fileURLToPath(import.meta.url), '..', '..');
const assets = path.join(root, 'assets');
const APP_SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];
/** Types of Apple's icns format that hold a PNG, with the pixels each of them wants. */
const ICNS_TYPES = {
  icp4: 16,
  icp5: 32,
  ic11: 32,
  ic12: 64,
  ic07: 128,
  ic13: 256,
  ic08: 256,
  ic14: 512,
  ic09: 512,
  ic10: 1024,
};
const TRAYS = { trayTemplate: '#000000', 'tray-on-light': '#24323c', 'tray-on-dark': '#f2f5f7' };
const TRAY_SIZE = { trayTemplate: 16, 'tray-on-light': 22, 'tray-on-dark': 22 };

const icon = await fs.readFile(path.join(assets, 'icon.svg'), 'utf8');
const tray = await fs.readFile(path.join(assets, 'tray.svg'), 'utf8');

const wanted = APP_SIZES.map((size) => ({ file: `icons/${size}x${size}.png`, svg: icon, size }));
for (const [name, colour] of Object.entries(TRAYS)) {
  const svg = tray.replaceAll('currentColor', colour);
  const size = TRAY_SIZE[name];
  wanted.push({ file: `tray/${name}.png`, svg, size }, { file: `tray/${name}@2x.png`, svg, size: size * 2 });
}

await fs.mkdir(path.join(assets, 'icons'), { recursive: true });
await fs.mkdir(path.join(assets, 'tray'), { recursive: true });
await draw(wanted);
const pngs = new Map();
for (const size of APP_SIZES) pngs.set(size, await fs.readFile(path.join(assets, 'icons', `${size}x${size}.png`)));
await fs.writeFile(path.join(assets, 'icon.ico'), ico(ICO_SIZES.map((size) => ({ size, png: pngs.get(size) }))));
await fs.writeFile(path.join(assets, 'icon.icns'), icns(pngs));
console.log(`${wanted.length + 2} files in ${path.relative(process.cwd(), assets)}`);

async function draw(pictures) {
  const { executable } = await findElectron({ log: (line) => console.error(line) });
  const list = path.join(await fs.mkdtemp(path.join(root, 'out-icons-')), 'list.json');
  try {
    await fs.writeFile(
      list,
      JSON.stringify(pictures.map((picture) => ({ ...picture, file: path.join(assets, picture.file) }))),
    );
    const args = [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      path.join(root, 'scripts', 'lib', 'draw-svg.cjs'),
      list,
    ];
    await withDisplay((env) => promisify(execFile)(executable, args, { env }));
  } finally {
    await fs.rm(path.dirname(list), { recursive: true });
  }
}

/** Windows icon: a directory of PNG pictures (since Vista). */
function ico(pictures) {
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length;
  pictures.forEach(({ size, png }, index) => {
    const at = 6 + 16 * index;
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(png.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += png.length;
  });
  return Buffer.concat([head, ...pictures.map(({ png }) => png)]);
}

/** macOS icon: `icns`, length, then pictures as type, length, PNG. */
function icns(bySize) {
  const parts = Object.entries(ICNS_TYPES).map(([type, size]) => {
    const png = bySize.get(size);
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(png.length + 8, 4);
    return Buffer.concat([head, png]);
  });
  const head = Buffer.alloc(8);
  head.write('icns', 'latin1');
  head.writeUInt32BE(
    parts.reduce((sum, part) => sum + part.length, 8),
    4,
  );
  return Buffer.concat([head, ...parts]);
}
