import type { Batch, ReadOptions, Row } from "@decant/core";
import type { Client } from "./create-client.ts";
import { endOfFailedList, endOfList, type ListContext } from "./end-of-list.ts";
import { holdToWindow } from "./hold-to-window.ts";
import { issueDetail } from "./issue-streams.ts";
import { childSlices, type ListArgs } from "./list-args.ts";
import { listRequest } from "./list-request.ts";
import { type ListRow, toListRows } from "./parse-list.ts";
import { type AttachmentStore, type WithoutFile, withFile } from "./save-file.ts";
import { entryOf } from "./stream-table.ts";

/** How a list is read. */
export interface ReadListOptions extends ReadOptions {
  /** Where the files go that rows stand for. Absent: they are not downloaded. */
  readonly files?: AttachmentStore;
}

/**
 * Reads any list of the table, page by page, and spawns what is wanted of the things that lie below
 * its rows.
 */
export async function* readList(
  client: Client,
  args: ListArgs,
  { cursor, signal, files }: ReadListOptions,
): AsyncGenerator<Batch, void, undefined> {
  const entry = args.stream === "issues" ? issueDetail : entryOf(args.stream);
  const context = { client, args, entry, signal, files };
  const request = listRequest(entry, args, signal);
  const { cursor: position, ...start } = parsePosition(cursor);
  let at: Position = start;
  try {
    if (entry.paging === "one") {
      yield (await toBatch(await client.get(request), { ...context, at })).batch;
      return;
    }
    const pages = client.pages({ ...request, ...(position !== undefined && { cursor: position }) });
    for await (const { value, next } of pages) {
      const { batch, at: after } = await toBatch(value, { ...context, at, next });
      at = after;
      yield batch;
      if ("end" in batch.next) return;
    }
  } catch (error) {
    yield { rows: [], next: { end: await endOfFailedList(error, context) } };
  }
}

/** How far a list was read. A stored cursor begins with it. */
interface Position {
  /** Rows that were listed so far. */
  readonly before: number;
  /** Rows of them whose file the server does not have. */
  readonly missing: number;
  /** Rows of them whose file the token may not read. */
  readonly refused: number;
}

interface PageContext extends ListContext {
  readonly files: AttachmentStore | undefined;
  /** What came before the page. */
  readonly at: Position;
  /** The server's cursor to the page behind it. */
  readonly next?: string | undefined;
}

async function toBatch(
  pieces: readonly Uint8Array[],
  context: PageContext,
): Promise<{ batch: Batch; at: Position }> {
  const { args, entry, at, next } = context;
  const { parents, streams } = args;
  const found = toListRows(pieces, entry, { parents, before: at.before });
  const { inside, past } = holdToWindow(found, context);
  const { rows, ...without } = await toRows(streams.includes(entry.name) ? inside : [], context);
  const below = streams.some((name) => name !== entry.name);
  const spawn = below ? found.flatMap((one) => childSlices(args, one.value())) : [];
  const after = {
    before: at.before + pieces.length,
    missing: at.missing + without.missing,
    refused: at.refused + without.refused,
  };
  const batch: Batch = {
    rows,
    next:
      next === undefined || past
        ? { end: endOfList(context, after) }
        : { cursor: `${after.before}:${after.missing}:${after.refused} ${next}` },
    ...(spawn.length > 0 && { spawn }),
  };
  return { batch, at: after };
}

/** The rows, with their files where those are wanted. */
async function toRows(
  found: readonly ListRow[],
  context: PageContext,
): Promise<Omit<Position, "before"> & { rows: readonly Row[] }> {
  const { files } = context;
  if (!files || !context.entry.file) {
    return { rows: found.map(({ row }) => row), missing: 0, refused: 0 };
  }
  // All come to rest before one that failed is told: none may be written when nobody looks any more.
  const done = await Promise.allSettled(found.map((one) => withFile(one, { ...context, files })));
  const filed = done.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
  const count = (why: WithoutFile) => filed.filter(({ without }) => without === why).length;
  const rows = filed.map(({ row }) => row);
  return { rows, missing: count("missing"), refused: count("refused") };
}

function parsePosition(text = ""): Position & { cursor?: string } {
  const [, before = "0", missing = "0", refused = "0", cursor] =
    /^(\d+):(\d+):(\d+) (.*)$/s.exec(text) ?? [];
  const position = {
    before: Number(before),
    missing: Number(missing),
    refused: Number(refused),
  };
  return { ...position, ...(cursor !== undefined && { cursor }) };
}
