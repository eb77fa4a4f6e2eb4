import { type Batch, type End, isDecantError, type ReadOptions } from "@decant/core";
import type { Client } from "./create-client.ts";
import { textOf } from "./parse-json.ts";
import { issuePages } from "./read-issue-list.ts";
import { findIssue } from "./resolve-issue.ts";
import { type IssueListArgs, issueOfKey, type MergesArgs, type ProjectRef } from "./slice-args.ts";

/** So many issues are named in the manifest. */
const mostShown = 20;

/**
 * Looks, when all was read, for issues that were merged into another meanwhile. That one then lists
 * their rows as its own, and no row tells where it was before: if both were read, rows may be in the
 * output twice. A merge that is still under way looks as a deletion does, and so does any merge on
 * GlitchTip.
 */
export async function* readMerges(
  client: Client,
  args: MergesArgs,
  { signal, keys = () => [] }: ReadOptions,
): AsyncGenerator<Batch, void, undefined> {
  const read = new Set([...keys()].map(issueOfKey).filter((id) => id !== undefined));
  const left = read.size > 1 ? new Set(read) : new Set<string>();
  for (const project of left.size > 0 ? args.projects : []) {
    for await (const ids of issueIds(client, { ...args, project }, signal)) {
      for (const id of ids) left.delete(id);
    }
  }
  const found = await Promise.all(
    [...left].map(async (id) => {
      const place = await findIssue(client, id, { server: args.server, signal });
      return { id, now: place?.issue.id };
    }),
  );
  const merged = found.filter(({ id, now }) => now === undefined || (now !== id && read.has(now)));
  yield { rows: [], next: { end: merged.length === 0 ? { why: "complete" } : hole(merged) } };
}

interface Found {
  readonly id: string;
  /** The issue that answers for it now. */
  readonly now: string | undefined;
}

async function* issueIds(
  client: Client,
  { project, ...args }: MergesArgs & { readonly project: ProjectRef },
  signal: AbortSignal,
): AsyncGenerator<readonly string[], void, undefined> {
  const list: IssueListArgs = {
    ...{ ...args, kind: "issues", project },
    ...{ streams: [], asked: false, named: false },
  };
  try {
    for await (const { value } of issuePages(client, list, { signal })) {
      yield value.map((issue) => textOf(issue.value()["id"])).filter((id) => id !== undefined);
    }
  } catch (error) {
    // Then none of its issues was read.
    if (!isDecantError(error) || error.code !== "SENTRY_FORBIDDEN") throw error;
  }
}

function hole(merged: readonly Found[]): End {
  const shown = merged.slice(0, mostShown).map(({ id, now }) => (now ? `${id} into ${now}` : id));
  const more = merged.length > mostShown ? ` and ${merged.length - mostShown} more` : "";
  return {
    why: "hole",
    detail: `issues were merged or deleted while the export ran, so rows of them may be there twice: ${shown.join(", ")}${more}`,
  };
}
