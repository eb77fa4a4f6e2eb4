import { type Call, calledIssue, calledProject, calledProjects, notFound } from "./call.ts";
import { writeJson } from "./json-text.ts";
import { keysetPage } from "./keyset-page.ts";
import type { ListEntry } from "./list-entry.ts";
import { type ListedRow, type ListPlace, lastParameter, memberOf } from "./list-store.ts";
import { listEntry } from "./list-table.ts";
import type { Reply } from "./loopback-server.ts";
import { numberedPage } from "./numbered-page.ts";
import { offsetPage } from "./offset-page.ts";
import { internalError, json, refuse } from "./reply.ts";
import { pageSize } from "./sentry-link.ts";
import { sequencePage } from "./sequence-page.ts";
import { timeBounds } from "./time-bounds.ts";

/** Answers for a list of the table. */
export function listReply(call: Call, entry: ListEntry): Reply {
  const { query } = call;
  const missing = entry.required?.find((name) => !query.has(name));
  if (missing) throw refuse(400, `Request is missing a "${missing}"`);
  const rows = selected(call, {
    entry,
    rows: call.world.lists.rows(entry, calledPlace(call, entry)),
  });
  if (entry.paging === "one") return body(writeJson(rows[0]!.value));
  if (entry.paging === "all") return listed(rows);
  if (call.settings.flavor === "glitchtip") {
    const key = ({ time }: ListedRow) => time;
    const position = { write: String, read: Number };
    const page = keysetPage(call, { items: rows, key, descending: true, position });
    return listed(page.items, page.headers);
  }
  const { size: usual = 100 } = entry;
  const limit = pageSize(query, { usual });
  if (entry.paging === "rows") {
    const list = [...rows.keys()];
    const page = offsetPage(call, { range: { list, from: 0, to: list.length }, limit });
    if (!page) return internalError(call.turn);
    return listed(
      page.serials.map((nth) => rows[nth]!),
      { link: page.link },
    );
  }
  const page =
    entry.paging === "pages"
      ? numberedPage(call, { items: rows, limit })
      : sequencePage(call, { items: rows, score: ({ time }) => time, limit });
  return listed(page.items, { link: page.link });
}

/** The list that a path names. */
function calledPlace(call: Call, entry: ListEntry): ListPlace {
  const { world, params } = call;
  const { parent, path } = entry;
  const issue = path.includes("/:issue/") ? calledIssue(call) : undefined;
  const project = path.includes("/:project/") ? calledProject(call) : undefined;
  const above = {
    ...{ issue, project },
    parents: {
      ...(issue ? { issue: issue.id } : {}),
      ...(project ? { project: project.slug } : {}),
    },
  };
  if (parent === undefined) return above;
  const name = lastParameter(entry);
  const wanted = params[name]!;
  const place = { ...above, parents: { ...above.parents, [name]: wanted } };
  if (parent === "replays") {
    const serial = world.dataset("replays").find(wanted);
    if (
      serial === undefined ||
      world.projects[world.dataset("replays").projectOf(serial)] !== project
    ) {
      throw notFound(call);
    }
    return place;
  }
  const parentEntry = listEntry(parent)!;
  const key = parentEntry.key ?? parentEntry.id ?? "id";
  const found = world.lists
    .rows(parentEntry, above)
    .some(({ value }) => memberOf(value, key) === wanted);
  if (!found) throw notFound(call);
  return place;
}

function selected(
  call: Call,
  { entry, rows }: { entry: ListEntry; rows: readonly ListedRow[] },
): readonly ListedRow[] {
  const { query, settings } = call;
  let kept = entry.hidden ? shown(call, { rows, hidden: entry.hidden }) : rows;
  if (entry.ofProject && query.has("project") && settings.flavor !== "glitchtip") {
    const projects = calledProjects(call);
    kept = kept.filter(({ project }) => project && projects.includes(project));
  }
  if (entry.bounds && ["start", "end", "statsPeriod"].some((name) => query.get(name))) {
    const { from, to } = timeBounds(query, settings.now());
    kept = kept.filter(({ time }) => from <= time && time < to);
  }
  return entry.most === undefined ? kept : kept.slice(0, entry.most);
}

/** GlitchTip knows of nothing hidden. */
function shown(
  { query, settings }: Call,
  { rows, hidden }: { rows: readonly ListedRow[]; hidden: string },
): readonly ListedRow[] {
  const visibility = query.get("visibility") ?? "visible";
  if (visibility === "all" || settings.flavor === "glitchtip") return rows;
  if (visibility !== "visible" && visibility !== "hidden") {
    throw refuse(
      400,
      "Invalid value for 'visibility', valid values are: ['all', 'hidden', 'visible']",
    );
  }
  const wanted = visibility === "hidden";
  return rows.filter(({ value }) => (memberOf(value, "name") === hidden) === wanted);
}

function listed(rows: readonly ListedRow[], headers: Record<string, string> = {}): Reply {
  return body(`[${rows.map(({ value }) => writeJson(value)).join(",")}]`, headers);
}

function body(text: string, headers: Record<string, string> = {}): Reply {
  return { ...json(null, { headers }), body: text };
}
