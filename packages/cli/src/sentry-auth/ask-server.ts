import { DecantError, isDecantError, readBody } from "@decant/core";
import type { SentryAccess } from "../config/sentry-access.ts";

/** Which server is asked, and with what. */
export interface AskOptions extends Pick<SentryAccess, "token" | "headers" | "fetch"> {
  /** The base address. */
  readonly url: string;
}

/** What a server says of a token. */
export interface TokenFacts {
  /** Whom it stands for. Absent: the server does not say. */
  readonly user?: string;
  /** What it may do. Absent: the server does not say. */
  readonly scopes?: readonly string[];
  /** The slugs of the organisations that it can see. */
  readonly organizations: readonly string[];
  /** Whether it can see more of them than are listed. */
  readonly more: boolean;
}

const timeoutMs = 30_000;
const bodyLimit = 4 * 1024 * 1024;

/**
 * Asks a server whom a token stands for, and what it may do.
 *
 * Source: https://docs.sentry.io/api/organizations/list-your-organizations/
 *
 * @throws {DecantError} `SENTRY_UNAUTHORIZED` when the token is refused, `SENTRY_WRONG_URL`, or
 * `SOURCE_UNAVAILABLE`.
 */
export async function askServer(options: AskOptions): Promise<TokenFacts> {
  const { body } = await ask("/api/0/", options);
  const { auth, user } = (body ?? {}) as Record<string, unknown>;
  if (!auth && !user) throw refused(options.url);
  const scopes = member(auth, "scopes");
  const name = ["email", "username", "name"].map((key) => member(user, key)).find(isText);
  return {
    ...(name !== undefined && { user: name }),
    ...(Array.isArray(scopes) && { scopes: scopes.filter(isText).sort() }),
    ...(await listOrganizations(options)),
  };
}

async function listOrganizations(
  options: AskOptions,
): Promise<Pick<TokenFacts, "organizations" | "more">> {
  try {
    const { body, link } = await ask("/api/0/organizations/", options);
    const slugs = Array.isArray(body) ? body.map((org) => member(org, "slug")).filter(isText) : [];
    return { organizations: slugs, more: /rel="next"; results="true"/.test(link) };
  } catch (error) {
    // A token without org:read may still read events of an organisation that the user names.
    const hidden = isDecantError(error) && error.code === "SENTRY_WRONG_URL";
    if (hidden) return { organizations: [], more: false };
    throw error;
  }
}

async function ask(
  path: string,
  { url, token, headers, fetch }: AskOptions,
): Promise<{ readonly body: unknown; readonly link: string }> {
  const address = new URL(path, url);
  let text: string;
  let response: Response;
  try {
    response = await fetch(address.href, {
      headers: { ...headers, accept: "application/json", authorization: `Bearer ${token}` },
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { bytes } = await readBody(response.body, { limit: bodyLimit });
    text = new TextDecoder().decode(bytes);
  } catch (cause) {
    throw unavailable(url, reason(cause));
  }
  if (response.status === 401) throw refused(url);
  if (response.status === 429 || response.status >= 500)
    throw unavailable(url, `it answers with status ${response.status}`);
  const body = response.status === 200 ? parse(text) : undefined;
  if (body === undefined) throw wrong(url, response.status);
  return { body, link: response.headers.get("link") ?? "" };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** `fetch` hides the reason in a cause, which may hold the request, so that only its code is told. */
function reason(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError") return "it does not answer";
  const code = member(member(error, "cause"), "code");
  return isText(code) ? code : "the connection failed";
}

function refused(url: string): DecantError {
  return new DecantError(
    "SENTRY_UNAUTHORIZED",
    `Cannot sign in to "${url}": it refuses the token`,
    {
      kind: "credentials",
      hint: `Check that it was copied whole and for this server, or make a new one at ${url}/settings/account/api/auth-tokens/.`,
    },
  );
}

function wrong(url: string, status: number): DecantError {
  return new DecantError(
    "SENTRY_WRONG_URL",
    `Cannot find Sentry at "${url}": its API answers with status ${status} and not as Sentry does`,
    { kind: "usage", hint: "Check --url, and whether a proxy in front of it wants a --header." },
  );
}

function unavailable(url: string, state: string): DecantError {
  return new DecantError("SOURCE_UNAVAILABLE", `Cannot reach "${url}": ${state}`, {
    kind: "source",
    retryable: true,
    hint: "Check the address and the network, and try again.",
  });
}
