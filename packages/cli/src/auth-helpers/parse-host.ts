const name = /^[a-z\d]([a-z\d.-]*[a-z\d])?(:\d{1,5})?$/i;

/**
 * Reads a host, with its port if there is one, as another program names it. What has an escape, a
 * backslash or a line break in it is none: a `URL` reads those in its own way, and the other program,
 * which sends the token there, may read another host.
 */
export function parseHost(text: string, protocol: string): URL | undefined {
  const isPlain = name.test(text) && /^https?$/.test(protocol);
  return (isPlain && URL.parse(`${protocol}://${text}`)) || undefined;
}
