// Becomes resources/default_app.asar of the bundled Electron: `electron [-r module]… [flags] <app> [arguments]`.
const { app } = require('electron');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const args = process.argv.slice(1);
let target;
for (let i = 0; i < args.length && target === undefined; i += 1) {
  if (args[i] === '-r' || args[i] === '--require') {
    i += 1;
    Module.createRequire(path.join(process.cwd(), 'x.js'))(args[i]);
  } else if (!args[i].startsWith('-')) {
    target = path.resolve(args[i]);
  }
}

if (args.includes('--version') || args.includes('-v')) {
  console.log(`v${process.versions.electron}`);
  app.exit(0);
} else if (target === undefined) {
  console.error('Usage: electron <app folder or file> [arguments]');
  app.exit(2);
} else {
  start(target);
}

function start(file) {
  const manifestFile = path.join(file, 'package.json');
  if (fs.existsSync(manifestFile)) {
    const manifest = JSON.parse(fs.readFileSync(manifestFile, 'utf8'));
    app.setName(manifest.productName ?? manifest.name);
    app.setVersion(manifest.version ?? '0.0.0');
    app.setAppPath(file);
    Module._load(path.resolve(file, manifest.main ?? 'index.js'), Module, true);
  } else {
    Module._load(file, Module, true);
  }
}
