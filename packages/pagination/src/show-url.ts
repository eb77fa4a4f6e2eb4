/** An address for a message: in quotes, without query, which is long and may be private. */
export function showUrl(url: URL): string {
  return `"${url.origin}${url.pathname}"`;
}
