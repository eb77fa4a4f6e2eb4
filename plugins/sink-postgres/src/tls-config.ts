import { readFile } from "node:fs/promises";
import type { ConnectionOptions } from "node:tls";
import { DecantError, isLoopback, type OptionValue } from "@decant/core";
import { systemCode } from "@decant/core/file";
import type { Target } from "./find-target.ts";

/** How a connection is encrypted. `prefer` falls back on none where the server has none. */
export interface TlsConfig {
  readonly ssl: false | ConnectionOptions;
  readonly mayBePlain: boolean;
}

/** Those of libpq. `allow` is taken for `prefer`, which is no worse. */
const modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/**
 * Decides how a connection is encrypted. The modes are those of libpq. The default is not: it is
 * `verify-full`, and to this machine, where nobody is in between, `disable`.
 *
 * Source: https://www.postgresql.org/docs/current/libpq-ssl.html, "Protection Provided in Different Modes"
 *
 * @throws {DecantError} `POSTGRES_TLS` for an unknown mode, or a file that cannot be read.
 */
export async function tlsConfig(
  { host, params }: { readonly host: string; readonly params: Target["params"] },
  options: Readonly<Record<string, OptionValue>>,
): Promise<TlsConfig> {
  const option = (name: string) => params[name] ?? (options[name] as string | undefined);
  const near = host.startsWith("/") || isLoopback(bracketed(host));
  const wanted = option("sslmode") ?? (near ? "disable" : "verify-full");
  // Who wants the login to be bound to the connection wants to know who answers.
  const bound = params["channel_binding"] === "require" && wanted === "require";
  const mode = bound ? "verify-full" : wanted;
  if (!modes.includes(mode)) {
    throw tlsError(`Cannot use sslmode ${JSON.stringify(mode)}: it is not known`, {
      hint: `One of ${modes.join(", ")}.`,
    });
  }
  if (mode === "disable" || host.startsWith("/")) return { ssl: false, mayBePlain: false };
  const root = option("sslrootcert");
  const ca = root === undefined || root === "system" ? undefined : await read(root);
  const cert = await readOptional(option("sslcert"));
  const key = await readOptional(option("sslkey"));
  // As in libpq, `require` with a root certificate is the same as `verify-ca`.
  const verified = mode.startsWith("verify") || (mode === "require" && ca !== undefined);
  return {
    ssl: {
      rejectUnauthorized: verified,
      ...(verified && mode !== "verify-full" && { checkServerIdentity: () => undefined }),
      ...(ca && { ca }),
      ...(cert && { cert }),
      ...(key && { key }),
    },
    mayBePlain: mode === "prefer" || mode === "allow",
  };
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

async function readOptional(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : await read(path);
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw tlsError(`Cannot read "${path}": ${systemCode(error) ?? "it failed"}`, {
      hint: "Check the paths of sslrootcert, sslcert and sslkey.",
    });
  }
}

function tlsError(message: string, { hint }: { readonly hint: string }): DecantError {
  return new DecantError("POSTGRES_TLS", message, { kind: "usage", hint });
}
