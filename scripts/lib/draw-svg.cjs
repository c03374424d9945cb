// Run by Electron: draws SVG texts as PNG files. Its argument is a JSON list of { file, svg, size }.
const { app, BrowserWindow } = require('electron');
const fs = require('node:fs');

const pictures = JSON.parse(fs.readFileSync(process.argv.at(-1), 'utf8'));

app.whenReady().then(async () => {
  const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true } });
  await window.loadURL('data:text/html,<title>draw</title>');
  for (const { file, svg, size } of pictures) {
    const url = await window.webContents.executeJavaScript(
      `(${drawInPage.toString()})(${JSON.stringify(svg)}, ${size})`,
    );
    fs.writeFileSync(file, Buffer.from(url.slice('data:image/png;base64,'.length), 'base64'));
  }
  app.exit(0);
});

async function drawInPage(svg, size) {
  const image = new Image();
  image.width = size;
  image.height = size;
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = size;
  canvas.height = size;
  canvas.getContext('2d').drawImage(image, 0, 0, size, size);
  return canvas.toDataURL('image/png');
}
