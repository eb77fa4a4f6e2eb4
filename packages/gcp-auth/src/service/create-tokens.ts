import { expandScopes } from "../expand-scopes.ts";
import type { Answer } from "./answer.ts";
import type { TokenStore } from "./create-token-store.ts";
import type { Outcome } from "./kept-token.ts";
import type { RequestInfo } from "./options.ts";
import { refuse, refuseForError } from "./refuse.ts";
import type { Account } from "./resolve-accounts.ts";

/** Who asks for what. */
interface TokenQuery {
  readonly account: Account;
  readonly params: URLSearchParams;
  readonly info: RequestInfo;
}

/** A token, or the answer that refuses it. */
export type Served = Exclude<Outcome, { error: unknown }> | { readonly refusal: Answer };

/** Hands out tokens as clients ask for them by the query of a URL. */
export interface Tokens {
  /** An access token, for `?scopes=a,b`, or several of them. */
  access(query: TokenQuery): Promise<Served>;
  /** An identity token, for `?audience=`, `format` and `licenses`. */
  identity(query: TokenQuery): Promise<Served>;
}

/** What {@linkcode createTokens} hands out, and from where. */
interface TokensOptions {
  readonly store: TokenStore;
  readonly allowedScopes: ReadonlySet<string> | undefined;
  readonly allowedAudiences: ReadonlySet<string> | undefined;
}

const mostScopes = 100;
const longestQuery = 4_096;

/** Makes the part of the service that knows which tokens may be had, and gets them from the store. */
export function createTokens({ store, allowedScopes, allowedAudiences }: TokensOptions): Tokens {
  return {
    async access({ account, params, info: { waitUntil } }) {
      const named = params.getAll("scopes").join(",");
      const scopes = readScopes(named, allowedScopes) ?? account.scopes;
      if (scopes && "status" in scopes) return { refusal: scopes };
      const { provider } = account;
      const asked = scopes && { scopes };
      const name = nameOf(account, "access", scopes?.toSorted());
      const mint = (minTtlMs: number, signal: AbortSignal) =>
        provider.getToken({ ...asked, minTtlMs, signal });
      return served(await store.get(name, { mint, waitUntil }));
    },
    async identity({ account, params, info: { waitUntil } }) {
      const request = readIdentity(params, allowedAudiences);
      if ("status" in request) return { refusal: request };
      const { provider } = account;
      const name = nameOf(account, "identity", [
        request.audience,
        request.format,
        request.licenses,
      ]);
      const mint = (minTtlMs: number, signal: AbortSignal) =>
        provider.getIdToken!({ ...request, minTtlMs, signal });
      return served(await store.get(name, { mint, waitUntil }));
    },
  };
}

function nameOf(account: Account, kind: string, parts: readonly unknown[] | undefined): string {
  return JSON.stringify([account.email, kind, parts]);
}

function served(outcome: Outcome): Served {
  if ("token" in outcome) return outcome;
  return { refusal: refuseForError(outcome.error, outcome.retryAfterMs) };
}

/** The scopes that a client names, or the answer that refuses them. Undefined: it names none. */
export function readScopes(
  text: string,
  allowed: ReadonlySet<string> | undefined,
): readonly string[] | Answer | undefined {
  const names = text.split(/[\s,]+/).filter((name) => name !== "");
  if (names.length === 0) return undefined;
  if (names.length > mostScopes || text.length > longestQuery) {
    const message = `More than ${mostScopes} scopes, or ${longestQuery} characters of them. Ask for fewer.`;
    return refuse(400, { code: "GCP_SCOPE_INVALID", message });
  }
  let scopes: readonly string[];
  try {
    scopes = expandScopes(names);
  } catch (error) {
    return refuseForError(error, 0);
  }
  const refused = scopes.find((scope) => allowed && !allowed.has(scope));
  if (refused === undefined) return scopes;
  const message = `The scope ${JSON.stringify(refused)} is not one that this service gives.`;
  return refuse(403, { code: "scope_refused", message });
}

function readIdentity(params: URLSearchParams, allowed: ReadonlySet<string> | undefined) {
  const audience = params.get("audience") ?? "";
  const format = params.get("format") ?? "standard";
  const licenses = params.get("licenses")?.toUpperCase() === "TRUE";
  if (audience === "") {
    const message =
      "An audience is required, and not an empty one, as in ?audience=https://a.example.com.";
    return refuse(400, { code: "audience_required", message });
  }
  if (audience.length > longestQuery) {
    const message = `The audience has more than ${longestQuery} characters.`;
    return refuse(400, { code: "audience_invalid", message });
  }
  if (format !== "standard" && format !== "full") {
    const message = "The format is either standard or full.";
    return refuse(400, { code: "format_invalid", message });
  }
  if (allowed && !allowed.has(audience)) {
    const message = `The audience ${JSON.stringify(audience)} is not one that this service gives.`;
    return refuse(403, { code: "audience_refused", message });
  }
  return { audience, format, licenses } as const;
}
