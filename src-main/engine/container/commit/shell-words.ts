/**
 * The two steps that Dockerfile text goes through: cut into words with quotes kept (buildkit parser/line_parsers.go
 * `parseWords`), then each word with its quotes, escapes and variables resolved (buildkit shell/lex.go).
 */

/** Value of a variable, or undefined when it is not set. */
export type Variables = ReadonlyMap<string, string>;

const NAME_START = /[A-Za-z_]/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;
const MODIFIERS = new Set(['-', '+', '?']);
const SPECIAL = /[0-9@*#?$!-]/;

/** Cuts at white space outside quotes; quotes and escapes stay in the words. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word = '';
  let quote: string | undefined;
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charAt(i);
    if (quote === undefined && /\s/.test(char)) {
      if (word !== '') words.push(word);
      word = '';
      continue;
    }
    if (char === '\\' && quote !== "'") {
      // An escape at the very end says nothing.
      if (i + 1 < text.length) word += char + text.charAt((i += 1));
      continue;
    }
    if (quote === undefined && (char === "'" || char === '"')) quote = char;
    else if (char === quote) quote = undefined;
    word += char;
  }
  if (word !== '') words.push(word);
  return words;
}

/**
 * Takes the quotes and escapes off a word and puts in the values of its variables.
 * @throws Error with what is wrong: a quote or a brace that is not closed, a modifier that does not exist
 */
export function resolveWord(word: string, variables: Variables): string {
  return new WordReader(word, variables).read();
}

class WordReader {
  readonly #text: string;
  readonly #variables: Variables;
  #at = 0;

  constructor(text: string, variables: Variables) {
    this.#text = text;
    this.#variables = variables;
  }

  /** Up to the character `stop` outside quotes (which is not taken), or to the end. */
  read(stop?: string): string {
    let result = '';
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      if (char === stop) return result;
      if (char === "'") result += this.#singleQuoted();
      else if (char === '"') result += this.#doubleQuoted();
      else if (char === '$') result += this.#variable();
      else if (char === '\\') {
        result += this.#text.charAt(this.#at + 1);
        this.#at += 2;
      } else {
        result += char;
        this.#at += 1;
      }
    }
    if (stop !== undefined) throw new Error(`a “${stop}” is missing`);
    return result;
  }

  #singleQuoted(): string {
    const end = this.#text.indexOf("'", this.#at + 1);
    if (end < 0) throw new Error('a single quote is not closed');
    const inside = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    return inside;
  }

  #doubleQuoted(): string {
    let result = '';
    this.#at += 1;
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      if (char === '"') {
        this.#at += 1;
        return result;
      }
      if (char === '$') {
        result += this.#variable();
        continue;
      }
      const next = this.#text.charAt(this.#at + 1);
      const escapes = char === '\\' && (next === '"' || next === '$' || next === '\\');
      result += escapes ? next : char;
      this.#at += escapes ? 2 : 1;
    }
    throw new Error('a double quote is not closed');
  }

  #variable(): string {
    this.#at += 1;
    if (this.#text.charAt(this.#at) === '{') return this.#braced();
    const name = this.#name();
    return name === '' ? '$' : (this.#variables.get(name) ?? '');
  }

  #braced(): string {
    this.#at += 1;
    const name = this.#name();
    if (name === '') throw new Error('“${” is not followed by a name');
    const value = this.#variables.get(name);
    const hasColon = this.#text.charAt(this.#at) === ':';
    if (hasColon) this.#at += 1;
    const modifier = this.#text.charAt(this.#at);
    this.#at += 1;
    if (modifier === '}' && !hasColon) return value ?? '';
    if (!MODIFIERS.has(modifier)) {
      throw new Error(modifier === '' ? 'a “}” is missing' : `“${modifier}” is not a modifier of \${${name}}`);
    }
    const word = this.read('}');
    this.#at += 1;
    const set = hasColon && value === '' ? undefined : value;
    return substitute(name, set, { modifier, word });
  }

  #name(): string {
    const first = this.#text.charAt(this.#at);
    const name = NAME_START.test(first) ? (NAME.exec(this.#text.slice(this.#at))?.[0] ?? '') : '';
    const found = name === '' && SPECIAL.test(first) ? first : name;
    this.#at += found.length;
    return found;
  }
}

/** `value` is undefined when the variable counts as not set. */
function substitute(
  name: string,
  value: string | undefined,
  { modifier, word }: { readonly modifier: string; readonly word: string },
): string {
  if (modifier === '+') return value === undefined ? '' : word;
  if (modifier === '?' && value === undefined) throw new Error(word === '' ? `${name} is not set` : `${name}: ${word}`);
  return value ?? word;
}
