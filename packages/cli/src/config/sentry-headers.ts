import { parseHeaders } from "./parse-headers.ts";
import type { ConfigFile } from "./read-config-files.ts";
import type { SentryTarget } from "./sentry-target.ts";
import { requireTrust } from "./sentry-token.ts";

/** Where headers for a proxy in front of a server may come from. */
export interface HeaderInputs {
  env(name: string): string | undefined;
  /** The one that counts most first. */
  readonly files: readonly ConfigFile[];
  /** The values of `--header`. */
  readonly given: readonly string[];
}

/**
 * Puts together the headers for a server. Their values may be secrets: one of a file goes to the
 * server that this file names, and any other to no server that only a file of a project names.
 *
 * @throws {DecantError} `HEADER_INVALID`, `TARGET_UNTRUSTED`.
 */
export function sentryHeaders(
  target: Pick<SentryTarget, "url" | "namedBy">,
  { env, files, given }: HeaderInputs,
): Record<string, string> {
  const own = [
    env("CUSTOM_HEADER") ?? "",
    ...splitHeaders(env("SENTRY_CUSTOM_HEADERS") ?? ""),
    ...(env("DECANT_HEADERS") ?? "").split("\n"),
    ...given,
  ].filter((line) => line.trim() !== "");
  if (own.length > 0) requireTrust(target, { what: "a header", files });
  const filed = files
    .filter((file) => mayHave(target, file))
    .map(({ header = "" }) => header)
    .reverse();
  return parseHeaders([...filed, ...own]);
}

function mayHave({ url, namedBy }: Pick<SentryTarget, "url" | "namedBy">, file: ConfigFile) {
  if (file.url === undefined) return file.own && namedBy === undefined;
  return URL.parse(file.url)?.origin === URL.parse(url)?.origin;
}

/** A semicolon ends a header where another one follows: it may also be part of a value. */
function splitHeaders(text: string): readonly string[] {
  return text.split(/\n|;(?=\s*[\w-]+\s*:)/);
}
