import { type End, isDecantError } from "@decant/core";
import type { Client } from "./create-client.ts";
import { lacksScope } from "./lacks-scope.ts";
import type { ListArgs } from "./list-args.ts";
import { listRequest } from "./list-request.ts";
import { parseJson } from "./parse-json.ts";
import type { StreamEntry } from "./stream-entry.ts";

/** A list that was read, or could not be. */
export interface ListContext {
  readonly client: Client;
  readonly args: ListArgs;
  readonly entry: StreamEntry;
  readonly signal: AbortSignal;
}

/** Answers that mean that the server has no such list. */
const absent = ["SENTRY_NOT_FOUND", "SENTRY_REJECTED"];

/**
 * Ends a list that was read. What the server could not leave out is told, where it was not refused
 * before; and so are files that are not there any more.
 */
export function endOfList(
  { args, entry }: ListContext,
  { missing, refused }: { readonly missing: number; readonly refused: number },
): End {
  const { filter, projects, note } = args;
  const { filters = [], parent } = entry;
  const ignored = [
    ...(filter.query !== "" && !filters.includes("query") ? ["query"] : []),
    ...(filter.environment.length > 0 && !filters.includes("environment") ? ["environment"] : []),
    ...(projects.length > 0 && parent === undefined && !filters.includes("project")
      ? ["project"]
      : []),
  ];
  const details = [
    ...(note === undefined ? [] : [note]),
    ...(ignored.length > 0 ? [`not narrowed by ${ignored.join(" and ")}: the server cannot`] : []),
  ];
  if (missing > 0) {
    details.push(`the server does not give ${countFiles(missing)}, or not as the list says`);
  }
  if (refused > 0) {
    const scope = entry.file?.scope ?? entry.scope;
    details.push(`the token may not read ${countFiles(refused)}: it lacks the scope ${scope}`);
    return { why: "denied", detail: details.join("; ") };
  }
  return { why: "complete", ...(details.length > 0 && { detail: details.join("; ") }) };
}

function countFiles(count: number): string {
  return count === 1 ? "1 file" : `${count} files`;
}

/** Ends a list that cannot be read, or throws where that is the user's to know. */
export async function endOfFailedList(error: unknown, context: ListContext): Promise<End> {
  const { args } = context;
  if (!isDecantError(error)) throw error;
  if (error.code === "SENTRY_OUTSIDE_RETENTION") {
    return { why: "complete", detail: "older than what the server keeps" };
  }
  if (error.code === "SENTRY_FORBIDDEN") {
    if (args.asked && (args.chosen || (await lacks(context)))) throw error;
    return { why: "denied", detail: error.message };
  }
  // One list of many that the server cannot show must not keep all the others from being exported.
  const one = !args.asked || Object.keys(args.parents).length > 0;
  if (error.code === "SENTRY_SERVER_ERROR" && one) return { why: "hole", detail: error.message };
  if (!absent.includes(error.code)) throw error;
  if (error.code === "SENTRY_NOT_FOUND" && (await isGone(context))) {
    return { why: "gone", detail: "deleted while the export ran" };
  }
  if (args.asked) throw error;
  return { why: "absent", detail: error.message };
}

/** Whether the token lacks a scope for the list, or for the files that its rows stand for. */
async function lacks({ client, args, entry, signal }: ListContext): Promise<boolean> {
  const { scope, file } = entry;
  for (const one of new Set([scope, file?.scope ?? scope])) {
    if (await lacksScope(client, one, { server: args.server, signal })) return true;
  }
  return false;
}

/** Whether what a list belongs to is not there any more. Then its own address, further up, is not. */
async function isGone({ client, args, entry, signal }: ListContext): Promise<boolean> {
  if (Object.keys(args.parents).length === 0) return false;
  // It has lists below projects and issues alone, and not an address for all else.
  if (args.server.kind === "glitchtip" && !args.project && !args.issue) return false;
  // Not all servers have an address for a tag.
  const place = entry.path.replace(/tags\/.*/, "");
  const path = place.slice(0, place.lastIndexOf("}/") + "}/".length);
  const request = listRequest({ ...entry, path, params: {} }, args, signal);
  try {
    await client.get({ ...request, parse: parseJson });
    return false;
  } catch (failure) {
    if (!isDecantError(failure) || failure.retryable) throw failure;
    return failure.code === "SENTRY_NOT_FOUND";
  }
}
