import { open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { DecantError, type Json, type Sink, type SinkOpenOptions } from "@decant/core";
import { attempt, syncFolder, systemCode } from "@decant/core/file";
import { ndjsonSink } from "@decant/sink";
import { pagePlace } from "./page-place.ts";
import { stampOf } from "./page-stamp.ts";
import { renderPage } from "./render-page.ts";
import { readSpool, wrapRow } from "./spool.ts";
import { summarize } from "./summarize.ts";

/** Opens the spool that all rows go into, and of which `finish()` makes the page. */
export async function openReport(options: SinkOpenOptions): Promise<Sink> {
  options.signal?.throwIfAborted();
  const page = await pagePlace(options);
  const { position, finishing = false, force } = options;
  const { output: _, ...rest } = options;
  const own = position !== undefined && (await stampOf(page)) === JSON.stringify(position);
  // The spool goes last: without it the page is the one that was asked for.
  if (own && finishing && !(await hasSpool(page))) return finishedReport(position);
  if (!force && !own) await refuseToReplace(page);
  const spool = await ndjsonSink.open({
    ...rest,
    ...{ destination: spoolOf(page), streams: [rows], options: {}, append: false },
  });
  return createReport(spool, { ...options, page, own });
}

type ReportOptions = SinkOpenOptions & {
  readonly page: string;
  /** Whether the page that is there was made of this very export. */
  readonly own: boolean;
};

const rows = { name: "rows", columns: [] };

function createReport(spool: Sink, options: ReportOptions): Sink {
  const { page, own, force } = options;
  const names = new Set(options.streams.map(({ name }) => name));
  let finished = false;
  return {
    async write(stream, more) {
      if (!names.has(stream)) {
        throw new TypeError(`Cannot write rows of "${stream}": it was not named at open()`);
      }
      await spool.write(
        rows.name,
        more.map((row) => wrapRow(stream, row)),
      );
    },
    commit: () => spool.commit(),
    async finish() {
      if (finished) return;
      const position = await spool.commit();
      await spool.finish();
      if (!force && !own) await refuseToReplace(page);
      await makePage(position, options);
      finished = true;
    },
    [Symbol.asyncDispose]: () => spool[Symbol.asyncDispose](),
  };
}

async function makePage(position: Json, options: ReportOptions): Promise<void> {
  const { page, signal } = options;
  const report = await summarize(readSpool(spoolOf(page), signal), options);
  const part = `${page}.part`;
  await attempt(`write "${part}"`, async () => {
    const file = await open(part, "w");
    try {
      await file.writeFile(await renderPage(report, JSON.stringify(position)));
      await file.sync();
    } finally {
      await file.close();
    }
  });
  await attempt(`rename "${part}" to "${page}"`, async () => {
    await rename(part, page);
    await syncFolder(dirname(page));
  });
  await attempt(`remove "${spoolOf(page)}"`, () => rm(spoolOf(page), { force: true }));
}

/** A page that got its name just before the crash: there is nothing left to do. */
function finishedReport(position: Json): Sink {
  return {
    async write(_stream, more) {
      if (more.length > 0) throw new TypeError("Cannot write rows: the page is finished");
    },
    commit: async () => position,
    finish: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

function spoolOf(page: string): string {
  return `${page}.rows`;
}

async function hasSpool(page: string): Promise<boolean> {
  return (await exists(spoolOf(page))) || (await exists(`${spoolOf(page)}.part`));
}

async function refuseToReplace(page: string): Promise<void> {
  if (!(await exists(page))) return;
  throw new DecantError("OUTPUT_EXISTS", `Cannot write "${page}": it exists`, {
    kind: "usage",
    hint: "Choose another name, or replace it with --force.",
  });
}

async function exists(path: string): Promise<boolean> {
  return await attempt(`look at "${path}"`, async () => {
    const found = await stat(path).catch((error: unknown) => {
      if (systemCode(error) !== "ENOENT") throw error;
    });
    return found !== undefined;
  });
}
