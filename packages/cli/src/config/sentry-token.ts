import { DecantError } from "@decant/core";
import { type ConfigFile, settingOf } from "./read-config-files.ts";
import { defaultUrl, type SentryTarget } from "./sentry-target.ts";

/** A token, and where it comes from. */
export interface FoundToken {
  readonly value: string;
  readonly kind: "variable" | "file" | "login";
  /** The name of the variable, or the path of the file. */
  readonly name: string;
}

/** Where a token may come from. */
export interface TokenInputs {
  env(name: string): string | undefined;
  /** The one that counts most first. */
  readonly files: readonly ConfigFile[];
  /** What `auth sentry login` stored for the origin of this server. */
  readonly stored?: FoundToken | undefined;
}

/** The variables that may hold a token. The second one is how the first was called before. */
export const tokenVariables: readonly string[] = ["SENTRY_AUTH_TOKEN", "SENTRY_TOKEN"];

/**
 * Finds the token for a server: a variable, a file of the project, the login, the file of the user.
 * A file that came with a repository may name any address: a token from elsewhere is not sent
 * there.
 *
 * @throws {DecantError} `TOKEN_MISSING`, or `TARGET_UNTRUSTED` when the token is not meant for it.
 */
export function sentryToken(
  target: Pick<SentryTarget, "url" | "namedBy">,
  inputs: TokenInputs,
): FoundToken {
  const token = findToken(inputs);
  if (token === undefined) {
    throw new DecantError("TOKEN_MISSING", `Cannot sign in to "${target.url}": there is no token`, {
      kind: "credentials",
      hint:
        `Make one at ${target.url}/settings/account/api/auth-tokens/ with the scopes org:read, ` +
        "project:read and event:read, and give it to decant auth sentry login, or set " +
        "SENTRY_AUTH_TOKEN to it.",
    });
  }
  const own = token.kind === "login" || token.name === target.namedBy;
  if (!own) requireTrust(target, { what: "a token", files: inputs.files });
  return token;
}

/**
 * Makes sure that what is secret may go to a server, if it does not come from the file that names it.
 *
 * @throws {DecantError} `TARGET_UNTRUSTED` when only a file of a project names the address.
 */
export function requireTrust(
  { url, namedBy }: Pick<SentryTarget, "url" | "namedBy">,
  { what, files }: { readonly what: string; readonly files: readonly ConfigFile[] },
): void {
  if (namedBy === undefined || isKnown(url, files.find(({ own }) => own)?.url)) return;
  throw new DecantError(
    "TARGET_UNTRUSTED",
    `Cannot send ${what} to "${url}": only "${namedBy}" names that address`,
    { kind: "credentials", hint: `If it is your Sentry, say so: --url ${url}` },
  );
}

function findToken({ env, files, stored }: TokenInputs): FoundToken | undefined {
  for (const name of tokenVariables) {
    const value = env(name);
    if (value !== undefined) return { value, kind: "variable", name };
  }
  const near = inFile(files.filter(({ own }) => !own));
  return near ?? stored ?? inFile(files.filter(({ own }) => own));
}

function inFile(files: readonly ConfigFile[]): FoundToken | undefined {
  const found = settingOf(files, "token");
  return found && { value: found.value, kind: "file", name: found.file.path };
}

function isKnown(url: string, configured: string | undefined): boolean {
  const parsed = URL.parse(url);
  if (!parsed) return false;
  const { origin, protocol, hostname } = parsed;
  if (configured !== undefined) return origin === URL.parse(configured)?.origin;
  return origin === defaultUrl || (protocol === "https:" && hostname.endsWith(".sentry.io"));
}
