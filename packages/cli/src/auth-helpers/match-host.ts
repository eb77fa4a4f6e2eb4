const pattern = /^(\*\.)?[a-z\d]([a-z\d.-]*[a-z\d])?(:\d{1,5})?$/i;

/** Tells whether a text names hosts: `gcr.io`, `registry.example.com:5000`, or `*.gcr.io` for all below. */
export function isHostPattern(text: string): boolean {
  return pattern.test(text);
}

/**
 * Tells whether a host is among those that patterns name.
 *
 * @param host As the `host` of a `URL` has it: in lower case, with its port where that is not the usual one.
 */
export function matchHost(host: string, patterns: readonly string[]): boolean {
  return patterns.some((text) => {
    const wanted = text.toLowerCase();
    return wanted.startsWith("*.") ? host.endsWith(wanted.slice(1)) : host === wanted;
  });
}
