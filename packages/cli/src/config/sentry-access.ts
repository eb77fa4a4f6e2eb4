import { homedir } from "node:os";
import { join } from "node:path";
import { DecantError } from "@decant/core";
import type { createSentrySource } from "@decant/sentry-source";
import { createFetch } from "../http/create-fetch.ts";
import { readToken, tokenPath } from "../sentry-auth/token-store.ts";
import { configFolder } from "./config-folder.ts";
import { type ConfigFile, settingOf } from "./read-config-files.ts";
import { readEnv } from "./read-env.ts";
import { sentryHeaders } from "./sentry-headers.ts";
import type { SentryTarget } from "./sentry-target.ts";
import { type FoundToken, sentryToken } from "./sentry-token.ts";

type SourceOptions = Parameters<typeof createSentrySource>[0];

/** What a Sentry server is asked with. None of it is stored. */
export interface SentryAccess
  extends Required<Pick<SourceOptions, "token" | "headers" | "fetch">>,
    Pick<SourceOptions, "retry"> {}

/** What decides what a server is asked with. */
export interface AccessInputs {
  readonly files: readonly ConfigFile[];
  /** The values of `--header`. */
  readonly header?: readonly string[] | undefined;
}

/**
 * Finds all that a Sentry server is asked with.
 *
 * @throws {DecantError} `TOKEN_MISSING`, `TARGET_UNTRUSTED`, `HEADER_INVALID`, `CONFIG_INVALID`, or what is
 * wrong with a stored token.
 */
export async function sentryAccess(
  target: Pick<SentryTarget, "url" | "namedBy">,
  inputs: AccessInputs,
): Promise<SentryAccess> {
  // What was said wrongly is told before what is missing.
  const client = await sentryClient(target, inputs);
  const { value: token } = await findToken(target, inputs);
  return { token, ...client };
}

/** Finds the token for a server, wherever it may come from. */
export async function findToken(
  target: Pick<SentryTarget, "url" | "namedBy">,
  { files }: Pick<AccessInputs, "files">,
): Promise<FoundToken> {
  const place = { folder: tokenFolder(), origin: URL.parse(target.url)?.origin ?? target.url };
  const value = await readToken(place);
  const stored = value && ({ value, kind: "login", name: tokenPath(place) } as const);
  return sentryToken(target, { env: readEnv, files, ...(stored && { stored }) });
}

/** Finds what a server is asked with, but for the token. */
export async function sentryClient(
  target: Pick<SentryTarget, "url" | "namedBy">,
  { files, header = [] }: AccessInputs,
): Promise<Omit<SentryAccess, "token">> {
  const proxy = readProxy(files);
  const retries = readRetries(files);
  return {
    headers: sentryHeaders(target, { env: readEnv, files, given: header }),
    fetch: await createFetch(readEnv, { ...(proxy !== undefined && { proxy }) }),
    ...(retries !== undefined && { retry: { retries } }),
  };
}

/** The folder of the tokens that `auth sentry login` stores. */
export function tokenFolder(): string {
  return join(configFolder({ home: homedir(), env: readEnv }), "decant", "sentry");
}

/** A file of a project sends nobody through a proxy of its own choice. */
function readProxy(files: readonly ConfigFile[]): string | undefined {
  const found = settingOf(
    files.filter(({ own }) => own),
    "proxy",
  );
  if (!found || /^https?:$/.test(URL.parse(found.value)?.protocol ?? "")) return found?.value;
  throw new DecantError("CONFIG_INVALID", "Cannot use the proxy: its address is no http(s) URL", {
    kind: "usage",
    hint: `Correct proxy_url in "${found.file.path}".`,
  });
}

/** How often a request is tried again, as sentry-cli is told. */
function readRetries(files: readonly ConfigFile[]): number | undefined {
  const variable = "SENTRY_HTTP_MAX_RETRIES";
  const text = readEnv(variable) ?? settingOf(files, "retries")?.value;
  if (text === undefined || /^\d{1,3}$/.test(text)) return text === undefined ? text : Number(text);
  throw new DecantError("CONFIG_INVALID", `Cannot use "${text}" as ${variable}: it is no count`, {
    kind: "usage",
    hint: `Give ${variable}, or max_retries in a .sentryclirc, as a whole number such as 8.`,
  });
}
