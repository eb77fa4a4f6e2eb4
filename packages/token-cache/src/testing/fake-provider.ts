import type { Token, TokenProvider } from "@decant/core";

/** A provider whose tokens are numbered, and a clock that stands still until it is set. */
export interface FakeProvider extends TokenProvider {
  readonly identity: string;
  time: number;
  /** How long a new token lives, in milliseconds. */
  lifetime: number;
  /** What was asked for, in order. */
  readonly asked: unknown[];
  /** What else happens before a token is given. */
  before(signal: AbortSignal | undefined): Promise<void>;
}

export function fakeProvider(identity = "somebody"): FakeProvider {
  const mint = async (request: { readonly signal?: AbortSignal }): Promise<Token> => {
    const { signal, ...rest } = request;
    provider.asked.push(rest);
    await provider.before(signal);
    return {
      ...{ value: `token ${provider.asked.length}`, type: "Bearer", principal: "me" },
      expiresAt: new Date(provider.time + provider.lifetime),
    };
  };
  const provider: FakeProvider = {
    ...{ name: "fake", identity, time: 1_900_000_000_000, lifetime: 3_600_000, asked: [] },
    before: async () => {},
    getToken: mint,
    getIdToken: mint,
  };
  return provider;
}
