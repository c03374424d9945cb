import { pathFromText, type Browse } from '../../engine/index';

const OS_RELEASE = ['etc/os-release', 'usr/lib/os-release'].map((path) => pathFromText(path));
const LIMIT_BYTES = 64 * 1024;

/** What the rootfs calls itself (os-release(5)): `Debian GNU/Linux 12 (bookworm)`; undefined where it does not say. */
export async function distributionOf(browse: Browse): Promise<string | undefined> {
  for (const path of OS_RELEASE) {
    const state = visibleFile(browse, path);
    if (state === undefined) continue;
    const name = nameIn((await browse.read(state, LIMIT_BYTES)).toString('utf8'));
    if (name !== undefined) return name;
  }
  return undefined;
}

function visibleFile(browse: Browse, path: (typeof OS_RELEASE)[number]): Parameters<Browse['read']>[0] | undefined {
  try {
    const node = browse.tree.lookup(path, { followLast: true });
    const state = node === undefined ? undefined : browse.tree.visible(node)?.state;
    return state?.type === 'file' ? state : undefined;
  } catch {
    // a symlink loop: the image does not say what it is
    return undefined;
  }
}

function nameIn(text: string): string | undefined {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Z_]+)=(.*?)\s*$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) fields.set(match[1], unquote(match[2]));
  }
  const pretty = fields.get('PRETTY_NAME') ?? [fields.get('NAME'), fields.get('VERSION')].filter(Boolean).join(' ');
  return pretty === '' ? undefined : pretty.slice(0, 200);
}

/** Shell quoting as os-release(5) allows it. */
function unquote(value: string): string {
  const quoted = /^"(.*)"$/.exec(value)?.[1] ?? /^'(.*)'$/.exec(value)?.[1] ?? value;
  return quoted.replace(/\\(["$`\\])/g, '$1');
}
