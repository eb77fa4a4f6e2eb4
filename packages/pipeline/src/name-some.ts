/** Names the first of many, and says how many more there are. */
export function nameSome(names: readonly string[], atMost = 20): string {
  const more = names.length - atMost;
  return names.slice(0, atMost).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
