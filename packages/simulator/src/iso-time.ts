/** Writes a time as Sentry does: six digits of a fraction, or none where it is zero. */
export function isoTime(ms: number): string {
  const text = new Date(ms).toISOString();
  return ms % 1_000 === 0 ? `${text.slice(0, 19)}Z` : `${text.slice(0, 23)}000Z`;
}
