import { type Batch, type End, isDecantError, type ReadOptions } from "@decant/core";
import type { Client } from "./create-client.ts";
import { issueDetail } from "./issue-streams.ts";
import { childSlices, type ListArgs } from "./list-args.ts";
import { listRequest } from "./list-request.ts";
import { parseJson } from "./parse-json.ts";
import { toListRows } from "./parse-list.ts";
import type { StreamEntry } from "./stream-entry.ts";
import { entryOf } from "./stream-table.ts";

/** Answers that mean that the server has no such list. */
const absent = ["SENTRY_NOT_FOUND", "SENTRY_REJECTED"];

/**
 * Reads any list of the table, page by page, and spawns what is wanted of the things that lie below
 * its rows.
 */
export async function* readList(
  client: Client,
  args: ListArgs,
  { cursor, signal }: ReadOptions,
): AsyncGenerator<Batch, void, undefined> {
  const entry = args.stream === "issues" ? issueDetail : entryOf(args.stream);
  const request = listRequest(entry, args, signal);
  const { position, ...from } = parsePosition(cursor);
  let { before } = from;
  try {
    if (entry.paging === "one") {
      yield toBatch(await client.get(request), { args, entry, before });
      return;
    }
    const pages = client.pages({ ...request, ...(position !== undefined && { cursor: position }) });
    for await (const { value, next } of pages) {
      yield toBatch(value, { args, entry, before, next });
      before += value.length;
    }
  } catch (error) {
    yield { rows: [], next: { end: await endOf(error, { client, args, entry, signal }) } };
  }
}

interface Context {
  readonly args: ListArgs;
  readonly entry: StreamEntry;
}

function toBatch(
  pieces: readonly Uint8Array[],
  page: Context & { readonly before: number; readonly next?: string | undefined },
): Batch {
  const { args, entry, before, next } = page;
  const found = toListRows(pieces, entry, { parents: args.parents, before });
  const wanted = args.streams.includes(entry.name);
  const below = args.streams.some((name) => name !== entry.name);
  const spawn = below ? found.flatMap((one) => childSlices(args, one.value())) : [];
  return {
    rows: wanted ? found.map(({ row }) => row) : [],
    next:
      next === undefined
        ? { end: complete(args, entry) }
        : { cursor: `${before + pieces.length} ${next}` },
    ...(spawn.length > 0 && { spawn }),
  };
}

/** A stored cursor is the number of rows before it, and the server's cursor. */
function parsePosition(cursor = ""): { before: number; position?: string } {
  const [, before = "0", position] = /^(\d+) (.*)$/s.exec(cursor) ?? [];
  return { before: Number(before), ...(position !== undefined && { position }) };
}

/** What the server was not asked to leave out is told. By name it is refused before. */
function complete(
  { filter, projects, note }: ListArgs,
  { filters = [], parent }: StreamEntry,
): End {
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
  return { why: "complete", ...(details.length > 0 && { detail: details.join("; ") }) };
}

/** Ends a list that cannot be read, or throws where that is the user's to know. */
async function endOf(
  error: unknown,
  {
    client,
    args,
    entry,
    signal,
  }: Context & { readonly client: Client; readonly signal: AbortSignal },
): Promise<End> {
  if (!isDecantError(error)) throw error;
  if (error.code === "SENTRY_OUTSIDE_RETENTION") {
    return { why: "complete", detail: "older than what the server keeps" };
  }
  if (error.code === "SENTRY_FORBIDDEN" && !(args.asked && args.chosen)) {
    return { why: "denied", detail: error.message };
  }
  if (!absent.includes(error.code)) throw error;
  if (error.code === "SENTRY_NOT_FOUND" && (await isGone(client, { args, entry, signal }))) {
    return { why: "gone", detail: "deleted while the export ran" };
  }
  if (args.asked) throw error;
  return { why: "absent", detail: error.message };
}

/** Whether what a list belongs to is not there any more. Then its own address, further up, is not. */
async function isGone(
  client: Client,
  { args, entry, signal }: Context & { readonly signal: AbortSignal },
): Promise<boolean> {
  if (Object.keys(args.parents).length === 0) return false;
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
