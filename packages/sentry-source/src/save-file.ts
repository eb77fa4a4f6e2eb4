import { createHash } from "node:crypto";
import {
  concatBytes,
  createRow,
  DecantError,
  isDecantError,
  pickPath,
  type Row,
} from "@decant/core";
import type { ListContext } from "./end-of-list.ts";
import type { ListArgs } from "./list-args.ts";
import { type JsonObject, textOf } from "./parse-json.ts";
import type { ListRow } from "./parse-list.ts";
import { fillPath } from "./server.ts";
import type { StreamEntry } from "./stream-entry.ts";

/** What is known of a file before it is downloaded. */
export interface AttachmentInfo {
  /** Its id on the server. */
  readonly id: string;
  /** Its name, as whoever sent it chose it: never to be used as a path. */
  readonly name: string;
  /** How many bytes it has, by the server's word. */
  readonly size?: number;
}

/** Where a file was stored. */
export interface StoredAttachment {
  /** The SHA-256 of its bytes, in hexadecimal digits. */
  readonly sha256: string;
  /** How many bytes it has. */
  readonly bytes: number;
  /** Where it lies. Rows tell it, so it should mean something wherever they are read. */
  readonly path: string;
}

/** Stores files. The same bytes may come twice, after a crash or in a later run. */
export interface AttachmentStore {
  /**
   * Stores one. It resolves when the bytes are durable, and keeps nothing of a body that fails.
   */
  save(body: ReadableStream<Uint8Array>, info: AttachmentInfo): Promise<StoredAttachment>;
}

/** Why a row is without its file: the server does not have it, or the token may not read it. */
export type WithoutFile = "missing" | "refused";

/** A row that tells where its file is, or that there is none. */
export interface FiledRow {
  readonly row: Row;
  readonly without?: WithoutFile;
}

interface FileContext extends ListContext {
  readonly files: AttachmentStore;
}

/** Answers that mean that this file cannot be had, and not that the export is in trouble. */
const gone = ["SENTRY_NOT_FOUND", "SENTRY_FORBIDDEN", "SENTRY_FILE_DIFFERS"];
/** A file may be large, and the way slow. */
const timeoutMs = 3_600_000;

const encoder = new TextEncoder();

/**
 * Downloads the file that a row stands for, stores it, and says in the row where:
 * `{"issueId":"1","data":{...},"file":{"sha256":"...","bytes":12,"path":"..."}}`. A file that the
 * server does not have any more, or not as the row says, is `null`.
 */
export async function withFile(one: ListRow, context: FileContext): Promise<FiledRow> {
  const found = await download(one, context);
  const file = typeof found === "object" ? found : undefined;
  const { id, time, arrived, json } = one.row;
  const tail = encoder.encode(`,"file":${JSON.stringify(file ?? null)}}`);
  const filed = concatBytes([json.subarray(0, -1), tail]);
  const times = { ...(time !== undefined && { time }), ...(arrived !== undefined && { arrived }) };
  // Nobody can have the file any more, so that it is missing is no fault of this export.
  const hollow = found === "missing" && { hollow: true };
  const row = createRow({ id, ...times, ...hollow, json: filed });
  return { row, ...(typeof found === "string" && { without: found }) };
}

async function download(
  one: ListRow,
  { client, args, entry, signal, files }: FileContext,
): Promise<StoredAttachment | WithoutFile> {
  const value = one.value();
  const size = value["size"];
  const id = textOf(value["id"]) ?? "";
  const name = textOf(value["name"]) ?? id;
  const info = { id, name, ...(typeof size === "number" && { size }) };
  const ask = {
    origin: args.server.origin,
    path: filePath(entry, args, value),
    params: { download: "1" },
    lane: `${entry.name}-files`,
    subject: {
      name: `attachment ${JSON.stringify(name)}`,
      scope: entry.file?.scope ?? entry.scope,
    },
    ...{ timeoutMs, signal },
  };
  try {
    const sha1 = textOf(value["sha1"]);
    return await client.download(ask, (body) => save(body, { files, info, sha1 }));
  } catch (error) {
    if (!isDecantError(error) || !gone.includes(error.code)) throw error;
    if (error.code !== "SENTRY_FORBIDDEN") return "missing";
    if (args.asked) throw error;
    return "refused";
  }
}

function filePath({ file }: StreamEntry, { server, project }: ListArgs, value: JsonObject): string {
  const ids = Object.entries(file?.ids ?? {}).map(([key, paths]) => {
    return [key, textOf(pickPath(value, paths)) ?? ""] as const;
  });
  const place = { org: server.org ?? "", project: project?.slug ?? "" };
  return fillPath(file?.path ?? "", { ...place, ...Object.fromEntries(ids) });
}

interface SaveOptions {
  readonly files: AttachmentStore;
  readonly info: AttachmentInfo;
  readonly sha1: string | undefined;
}

/** Stores a body, and tells a store that fails from a body that does, which is asked for again. */
async function save(
  body: ReadableStream<Uint8Array>,
  { files, info, sha1 }: SaveOptions,
): Promise<StoredAttachment> {
  const checked = check(body, info, sha1);
  try {
    return await files.save(checked.stream, info);
  } catch (error) {
    if (checked.failed() || isDecantError(error)) throw error;
    const state = error instanceof Error ? error.message : "the store failed";
    const message = `Cannot store attachment ${JSON.stringify(info.name)}: ${state}`;
    throw new DecantError("SENTRY_FILE_UNSAVED", message, {
      kind: "sink",
      hint: "See whether there is room, and go on then.",
      cause: error,
    });
  }
}

/** Passes bytes on, and fails at their end if they are not those that the row speaks of. */
function check(
  body: ReadableStream<Uint8Array>,
  { name, size }: AttachmentInfo,
  sha1: string | undefined,
): { readonly stream: ReadableStream<Uint8Array>; failed(): boolean } {
  const reader = body.getReader();
  const hash = createHash("sha1");
  let bytes = 0;
  let failed = false;

  async function pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const { done, value } = await reader.read();
    if (!done) {
      bytes += value.byteLength;
      hash.update(value);
      controller.enqueue(value);
    } else if ((size ?? bytes) === bytes && [undefined, hash.digest("hex")].includes(sha1)) {
      controller.close();
    } else {
      throw differs(name);
    }
  }

  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        await pull(controller);
      } catch (error) {
        failed = true;
        throw error;
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return { stream, failed: () => failed };
}

function differs(name: string): DecantError {
  return new DecantError(
    "SENTRY_FILE_DIFFERS",
    `Cannot read attachment ${JSON.stringify(name)}: what came is not what the list says`,
    {
      kind: "source",
      retryable: true,
      hint: "Try again later; if it persists, the server has lost the file or a part of it.",
    },
  );
}
