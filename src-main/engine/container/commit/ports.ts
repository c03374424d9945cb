/** EXPOSE: `80`, `80/udp`, `8000-8010/tcp` (docker/go-connections nat.go). */

const PORTS = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/([a-zA-Z]+))?$/;
const PROTOCOLS = new Set(['tcp', 'udp', 'sctp']);
const MAX_PORT = 65_535;

/** Every port of one word as `number/protocol`. @throws Error with what is wrong */
export function parsePorts(word: string): string[] {
  const [, first, last, protocol = 'tcp'] = PORTS.exec(word) ?? [];
  const [from, to] = [Number(first), Number(last ?? first)];
  if (first === undefined || from > MAX_PORT || to > MAX_PORT) throw new Error(`“${word}” is not a port`);
  if (to < from) throw new Error(`the range “${word}” ends before it starts`);
  if (!PROTOCOLS.has(protocol.toLowerCase())) throw new Error(`“${protocol}” is not tcp, udp or sctp`);
  return Array.from({ length: to - from + 1 }, (_, i) => `${from + i}/${protocol.toLowerCase()}`);
}
