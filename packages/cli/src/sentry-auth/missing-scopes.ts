/** A stream and the scope that it takes. */
interface Scoped {
  readonly name: string;
  readonly scope: string;
}

/** A scope that a token lacks. */
export interface MissingScope {
  readonly scope: string;
  /** The streams that cannot be read without it. */
  readonly streams: readonly string[];
}

/** Finds the scopes that a token lacks, in the order of the streams. */
export function missingScopes(
  scopes: readonly string[],
  streams: readonly Scoped[],
): readonly MissingScope[] {
  const missing = Map.groupBy(
    streams.filter(({ scope }) => !allows(scopes, scope)),
    ({ scope }) => scope,
  );
  return [...missing].map(([scope, list]) => ({ scope, streams: list.map(({ name }) => name) }));
}

/** Who may write may read. */
function allows(scopes: readonly string[], wanted: string): boolean {
  const subject = wanted.replace(/:read$/, "");
  return ["read", "write", "admin"].some((right) => scopes.includes(`${subject}:${right}`));
}
