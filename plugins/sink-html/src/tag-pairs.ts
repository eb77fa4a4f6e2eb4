/** Tags are a list of objects, a list of pairs, or one object. */
export function pairsOf(tags: unknown): [string, string][] {
  if (typeof tags !== "object" || tags === null) return [];
  const pairs: unknown[][] = Array.isArray(tags)
    ? tags.map((tag) => (Array.isArray(tag) ? tag : [tag?.key, tag?.value]))
    : Object.entries(tags);
  return pairs.flatMap(([key, value]): [string, string][] =>
    isScalar(key) && isScalar(value) ? [[String(key), String(value)]] : [],
  );
}

function isScalar(value: unknown): boolean {
  return value !== null && value !== undefined && typeof value !== "object";
}
