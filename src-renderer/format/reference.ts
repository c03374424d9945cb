/** Whether a typed `name:tag` is one that Docker takes; main has the last word, this answers while one types. */

export type ReferenceProblem = 'empty' | 'digest' | 'space' | 'upperCase' | 'tag' | 'name' | 'tooLong';

const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const DOMAIN =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::\d+)?$|^\[[0-9a-fA-F:]+\](?::\d+)?$/;
const TAG = /^\w[\w.-]{0,127}$/;
const NAME_MAX = 255;

/** What is wrong with the reference, or undefined when nothing is. */
export function referenceProblem(typed: string): ReferenceProblem | undefined {
  const text = typed.trim();
  if (text === '') return 'empty';
  if (/\s/.test(text)) return 'space';
  if (text.includes('@')) return 'digest';
  const { name, tag } = splitTag(text);
  if (tag !== undefined && !TAG.test(tag)) return 'tag';
  if (name.length > NAME_MAX) return 'tooLong';
  return nameProblem(name);
}

function splitTag(text: string): { name: string; tag: string | undefined } {
  const colon = text.lastIndexOf(':');
  if (colon < 0 || text.indexOf('/', colon) >= 0) return { name: text, tag: undefined };
  return { name: text.slice(0, colon), tag: text.slice(colon + 1) };
}

function nameProblem(name: string): ReferenceProblem | undefined {
  const [first = '', ...rest] = name.split('/');
  const isDomain = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  if (isDomain && !DOMAIN.test(first)) return 'name';
  const components = isDomain ? rest : [first, ...rest];
  if (components.some((component) => component !== component.toLowerCase())) return 'upperCase';
  return components.every((component) => COMPONENT.test(component)) ? undefined : 'name';
}
