/** The program: puts its parts together and says who tells whom what. */
import { app } from 'electron';
import { resolve } from 'node:path';
import { declarePageScheme } from './page-protocol';
import { appArguments, LINK_SCHEME, parseLaunch, type Launch } from './launch';
import { Program } from './program';

const userData = process.env['LAMINA_USER_DATA'];
if (userData !== undefined && userData !== '') app.setPath('userData', resolve(userData));
app.setName('Lamina');
declarePageScheme();

const launch = parseLaunch(appArguments(process.argv, app.isPackaged), process.cwd());
/** macOS hands files and links over by events, which may come before the app is ready. */
const early: string[] = [];
let program: Program | undefined;

function openLater(what: string): void {
  if (program === undefined) early.push(what);
  else void program.open(parseLaunch([what], '/'));
}

if (!app.requestSingleInstanceLock({ launch })) {
  // The first instance opens what this one was asked to.
  app.exit(0);
} else {
  app.on('second-instance', (_event, _argv, _directory, data) => {
    program?.window.show();
    void program?.open((data as { readonly launch: Launch }).launch);
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    openLater(path);
  });
  app.on('open-url', (event, url) => {
    event.preventDefault();
    openLater(url);
  });
  app.on('activate', () => program?.window.show());
  void app.whenReady().then(() => {
    if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
    program = new Program();
    program.start();
    void program.open(launch);
    for (const what of early.splice(0)) openLater(what);
  });
}
