/** So many are named. */
const atMost = 20;

/** Names the first of many, and says how many more there are. */
export function nameSome(names: readonly string[]): string {
  const more = names.length - atMost;
  return names.slice(0, atMost).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
