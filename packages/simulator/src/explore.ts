import { Buffer } from "node:buffer";
import { type Call, calledProjects, retentionEdge } from "./call.ts";
import { arrive } from "./dataset-arrivals.ts";
import { type DatasetRow, datasetRow, type Found } from "./dataset-row.ts";
import { countErrors, errorRows } from "./explore-errors.ts";
import { type JsonInput, writeJson } from "./json-text.ts";
import type { Reply } from "./loopback-server.ts";
import { type EventRange, offsetPage } from "./offset-page.ts";
import { json, refuse } from "./reply.ts";
import { linkHeader, pageSize, readCursor } from "./sentry-link.ts";
import { timeBounds } from "./time-bounds.ts";

/** A dataset whose rows are not events of issues. */
type OwnDataset = "transactions" | "spans" | "logs";

/** What the names that the API takes stand for. */
const datasets: Readonly<Record<string, "errors" | OwnDataset>> = {
  ...{ errors: "errors", discover: "errors", transactions: "transactions" },
  ...{ spans: "spans", logs: "logs", ourlogs: "logs" },
};
const mostFields = 20;
/** Rows further down cannot be reached, whatever the page size. */
const deepest = 10_000;

/**
 * `/api/0/organizations/{org}/events/`: rows of a dataset, or how many there are. Of Sentry's
 * functions only `count()` is known, and only alone.
 */
export function explore(call: Call): Reply {
  const { query } = call;
  const name = datasets[query.get("dataset") ?? "discover"];
  if (!name) {
    throw refuse(400, `dataset must be one of: ${Object.keys(datasets).sort().join(", ")}`);
  }
  if (name !== "errors" && call.settings.disabled.includes(name)) return { status: 404 };
  const limit = pageSize(query, name === "logs" ? { most: 9_999 } : {});
  const fields = query.getAll("field");
  if (fields.length === 0) throw refuse(400, "No columns selected");
  if (fields.length > mostFields) {
    throw refuse(400, "You can view up to 20 fields at a time. Please delete some and try again.");
  }
  const bounds = timeBounds(query, call.settings.now());
  if (bounds.to <= retentionEdge(call)) {
    throw refuse(400, "Invalid date range. Please try a more recent date range.");
  }
  const within = { ...bounds, from: Math.max(bounds.from, retentionEdge(call)) };
  const counting = fields.some((field) => field.includes("("));
  if (counting && (fields.length > 1 || fields[0] !== "count()")) {
    throw refuse(400, `The simulator knows the field count() only, not ${fields.join(", ")}`);
  }
  if (counting && name === "errors")
    return counted(call, { name, total: countErrors(call, bounds), limit });
  const found =
    name === "errors" ? errorRows(call, bounds) : ownRows(call, { name, bounds: within });
  if (counting) return counted(call, { name, total: found.range.to - found.range.from, limit });
  return listed(call, { name, found, limit, fields });
}

function ownRows(
  call: Call,
  { name, bounds }: { name: OwnDataset; bounds: { from: number; to: number } },
): Found {
  const { world, query, settings } = call;
  const table = world.dataset(name);
  const projects = calledProjects(call).map((project) => world.projects.indexOf(project));
  const row = (serial: number) =>
    datasetRow(name, {
      ...{ seed: settings.seed, table, serial },
      project: world.projects[table.projectOf(serial)]!,
    });
  const range = table.range(bounds, projects);
  const tests = [...searchTerms(query.get("query") ?? ""), environmentTest(query)].filter(
    (test) => test !== undefined,
  );
  const kept =
    tests.length === 0
      ? undefined
      : range.list
          .slice(range.from, range.to)
          .filter((serial) => tests.every((test) => test(row(serial))));
  return {
    range: kept ? { list: kept, from: 0, to: kept.length } : range,
    timeOf: table.timeOf,
    row,
  };
}

function environmentTest(query: URLSearchParams): ((row: DatasetRow) => boolean) | undefined {
  const names = query.getAll("environment");
  return names.length === 0 ? undefined : (row) => names.includes(String(row["environment"]));
}

/** `key:value` for any field that is text, and `!key:value`. */
function searchTerms(text: string): ((row: DatasetRow) => boolean)[] {
  const terms = text.match(/(?:[^\s"]|"(?:[^"\\]|\\.)*")+/g) ?? [];
  return terms.map((term) => {
    const [, not, key, value] = /^(!?)([\w.]+):(.+)$/.exec(term) ?? [];
    if (key === undefined || value === undefined) {
      throw refuse(400, `Error parsing search query: the simulator does not know "${term}"`);
    }
    const wanted = value.replace(/^"(.*)"$/, "$1");
    return (row) => (String(row[key] ?? "") === wanted) !== (not === "!");
  });
}

interface Listing {
  readonly name: "errors" | OwnDataset;
  readonly found: Found;
  readonly limit: number;
  readonly fields: readonly string[];
}

function listed(call: Call, { name, found, limit, fields }: Listing): Reply {
  const { query, faults } = call;
  checkSort(query, fields);
  if (Math.max(0, readCursor(query).offset) + limit > deepest) {
    throw refuse(400, `Pagination offset too large: rows beyond ${deepest} cannot be reached`);
  }
  const partial =
    faults.settings.partialScan === true && name !== "errors" && name !== "transactions";
  const sampled = partial && query.get("sampling") !== "HIGHEST_ACCURACY";
  const range = sampled ? everySecond(found.range) : found.range;
  const page = offsetPage(call, { range: turned(range, query), limit, timeOf: found.timeOf });
  if (!page) throw refuse(400, "Pagination offset cannot be negative");
  // What a table of the page needs comes along unasked.
  const wanted = [...new Set([...fields, "id", "project.name"])];
  const rows = page.serials.map((serial) => {
    const row = found.row(serial);
    return Object.fromEntries(wanted.map((field) => [field, row[field] ?? null]));
  });
  const { list, from } = found.range;
  const first = list.length > 0 ? found.row(list[from] ?? list[0]!) : {};
  const types = wanted.map((field) => [field, typeOf(field, first[field])]);
  const meta = metaOf({ types, dataset: name, partial: sampled });
  if (name !== "errors") arrive(call, { name, serials: page.serials });
  const body = Buffer.from(writeJson({ data: rows, meta }));
  return json(body, { headers: { link: page.link } });
}

function checkSort(query: URLSearchParams, fields: readonly string[]): void {
  const sort = query.get("sort");
  const field = sort?.replace(/^-/, "");
  if (field === undefined) return;
  if (!fields.includes(field)) {
    throw refuse(400, "Cannot sort by a field that is not selected.");
  }
  if (field !== "timestamp") {
    throw refuse(400, `The simulator sorts by timestamp only, not by ${field}`);
  }
}

/** Oldest first where that is asked for. Without a `sort` the order is the same, by chance. */
function turned(range: EventRange, query: URLSearchParams): EventRange {
  if (query.get("sort") !== "timestamp") return range;
  const list = range.list.slice(range.from, range.to).reverse();
  return { list, from: 0, to: list.length };
}

/** What a scan of a sample finds. */
function everySecond({ list, from, to }: EventRange): EventRange {
  const sample = list.slice(from, to).filter((_, i) => i % 2 === 0);
  return { list: sample, from: 0, to: sample.length };
}

function typeOf(field: string, value: JsonInput): string {
  if (field === "timestamp") return "date";
  if (typeof value === "boolean") return "boolean";
  if (field.endsWith("duration")) return "duration";
  return typeof value === "object" && value !== null ? "number" : "string";
}

function metaOf(from: {
  types: readonly (readonly string[])[];
  dataset: string;
  partial: boolean;
}): { readonly [key: string]: JsonInput } {
  const { types, dataset, partial } = from;
  return {
    fields: Object.fromEntries(types),
    units: Object.fromEntries(types.map(([field]) => [field, null])),
    isMetricsData: false,
    isMetricsExtractedData: false,
    tips: { query: null, columns: null },
    datasetReason: "unchanged",
    dataset,
    ...(dataset === "spans" || dataset === "logs"
      ? { dataScanned: partial ? "partial" : "full" }
      : {}),
  };
}

function counted(
  call: Call,
  { name, total, limit }: { name: string; total: number; limit: number },
): Reply {
  const { faults } = call;
  const count = Math.max(0, total + (faults.settings.countOff ?? 0));
  const link = linkHeader(
    { origin: faults.settings.crossOriginLink ?? call.origin, url: call.url },
    {
      previous: { cursor: "0:0:1", results: false },
      next: { cursor: `0:${limit}:0`, results: false },
    },
  );
  const meta = metaOf({ types: [["count()", "integer"]], dataset: name, partial: false });
  return json({ data: [{ "count()": count }], meta }, { headers: { link } });
}
