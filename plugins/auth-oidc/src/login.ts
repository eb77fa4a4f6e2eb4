import type { Token } from "@decant/core";
import type { Granted } from "./parse-granted.ts";

/** A sign-in, as it is kept from run to run. */
export interface Login {
  /** A new one with each sign-in. */
  readonly id: string;
  /** What it was asked to cover. */
  readonly scopes: readonly string[];
  readonly audiences: readonly string[];
  /** Whom the ID token is about. */
  readonly subject?: string;
  readonly refreshToken?: string;
  /** What the sign-in gave, where nothing can renew it. */
  readonly granted?: Granted;
}

/** Writes a sign-in as text, for a store of secrets. */
export function formatLogin(login: Login): string {
  return JSON.stringify({ version: 1, ...login });
}

/** Reads a sign-in; nothing where there is none, or one of another version. */
export function parseLogin(text: string | undefined): Login | undefined {
  if (text === undefined) return undefined;
  // Whoever may write to the store wrote these fields.
  const { version, granted, ...login } = parse(text) as Login & { readonly version: number };
  if (version !== 1) return undefined;
  if (!granted) return login;
  const { token, idToken, subject } = granted;
  return {
    ...login,
    granted: { token: revive(token), idToken: idToken && revive(idToken), subject },
  };
}

function parse(text: string): object {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

function revive(token: Token): Token {
  return token.expiresAt ? { ...token, expiresAt: new Date(token.expiresAt) } : token;
}
