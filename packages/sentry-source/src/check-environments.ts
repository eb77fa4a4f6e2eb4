import { DecantError, isDecantError } from "@decant/core";
import type { Client } from "./create-client.ts";
import { parseObjects, textOf } from "./parse-json.ts";
import { orgPath, type Server } from "./server.ts";

/**
 * Refuses an environment that the organisation does not have: its events are an empty list then,
 * which looks like success. A token or server that does not list environments is not held back.
 *
 * Source: https://docs.sentry.io/api/environments/list-an-organizations-environments
 */
export async function checkEnvironments(
  client: Client,
  names: readonly string[],
  { server, signal }: { readonly server: Server; readonly signal: AbortSignal },
): Promise<void> {
  if (names.length === 0 || server.org === undefined) return;
  const known = await listEnvironments(client, server, signal);
  const unknown = names.find((name) => name !== "" && known?.has(name) === false);
  if (known === undefined || unknown === undefined) return;
  const shown = [...known].sort().slice(0, 20).join(", ");
  throw new DecantError(
    "SENTRY_NOT_FOUND",
    `Cannot read environment "${unknown}": organisation "${server.org}" has none of this name`,
    { kind: "usage", hint: `Check its name.${shown && ` There are ${shown}.`}` },
  );
}

async function listEnvironments(
  client: Client,
  server: Server,
  signal: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  try {
    const environments = await client.get({
      origin: server.origin,
      path: orgPath(server, "environments"),
      params: { visibility: "all", project: "-1" },
      lane: "default",
      subject: { name: `the environments of organisation "${server.org}"`, scope: "org:read" },
      parse: parseObjects,
      signal,
    });
    const names = environments.map((one) => textOf(one["name"]));
    return new Set(names.filter((name) => name !== undefined));
  } catch (error) {
    const codes = ["SENTRY_FORBIDDEN", "SENTRY_NOT_FOUND", "SENTRY_REJECTED"];
    if (isDecantError(error) && codes.includes(error.code)) return undefined;
    throw error;
  }
}
