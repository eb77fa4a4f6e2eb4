import { type Call, calledProjects, retentionEdge } from "./call.ts";
import { arrive } from "./dataset-arrivals.ts";
import { offsetTime } from "./dataset-row.ts";
import type { DatasetTable } from "./dataset-table.ts";
import { type JsonInput, rawJson, writeJson } from "./json-text.ts";
import type { Reply } from "./loopback-server.ts";
import { offsetPage } from "./offset-page.ts";
import { hash32, hex } from "./random.ts";
import { json, refuse } from "./reply.ts";
import { environments } from "./sample-text.ts";
import { segmentCount } from "./segment-entry.ts";
import { pageSize } from "./sentry-link.ts";
import { timeBounds } from "./time-bounds.ts";

/** `/api/0/organizations/{org}/replays/`: newest first by when they began. */
export function replays(call: Call): Reply {
  const { world, query, settings } = call;
  const sort = query.get("sort") ?? "-started_at";
  if (sort !== "-started_at") {
    throw refuse(400, `The simulator sorts replays by -started_at only, not by ${sort}`);
  }
  const bounds = timeBounds(query, settings.now());
  const from = Math.max(bounds.from, retentionEdge(call));
  const table = world.dataset("replays");
  const projects = calledProjects(call).map((project) => world.projects.indexOf(project));
  const found = table.range({ from, to: bounds.to }, projects);
  const names = query.getAll("environment");
  const list = found.list
    .slice(found.from, found.to)
    .filter((serial) => names.length === 0 || names.includes(environmentOf(serial)));
  const range = { list, from: 0, to: list.length };
  const page = offsetPage(call, { range, limit: pageSize(query), timeOf: table.timeOf });
  if (!page) throw refuse(400, "Pagination offset cannot be negative");
  const data = page.serials.map((serial) => replayRow(call, { table, serial }));
  arrive(call, { name: "replays", serials: page.serials });
  return {
    ...json(null, { headers: { link: page.link } }),
    body: writeJson({ data }),
  };
}

/** A replay as lists give it. */
export function replayRow(
  { settings, world }: Pick<Call, "settings" | "world">,
  { table, serial }: { table: DatasetTable; serial: number },
): JsonInput {
  const id = table.idOf(serial);
  const random = hash32(settings.seed ^ 0x4e, serial);
  const time = table.timeOf(serial);
  const duration = random % 3_600;
  return {
    ...{ id, project_id: world.projects[table.projectOf(serial)]!.id, is_archived: false },
    ...{ trace_ids: [hex(random, 1, 32)], error_ids: [], info_ids: [], warning_ids: [] },
    ...{ environment: environmentOf(serial), tags: { "ünï.code": ["✓"], level: ["info"] } },
    user: serial % 5 === 0 ? null : { id: rawJson("9007199254740993"), display_name: "Zoë" },
    sdk: { name: "sentry.javascript.react", version: "9.1.0" },
    os: { name: "iOS", version: serial % 3 === 0 ? null : "18.1" },
    browser: { name: "Mobile Safari", version: "18.1" },
    device: { name: null, brand: "Apple", model: "iPhone", family: "iPhone" },
    ...{ platform: "javascript", dist: null, releases: [`shop@2.${random % 40}.0`] },
    ...{ started_at: offsetTime(time), finished_at: offsetTime(time + duration * 1_000), duration },
    ...{ urls: ["https://shop.example.com/支付"], count_urls: 1, count_errors: random % 3 },
    ...{ count_segments: segmentCount(id), count_dead_clicks: 0, count_rage_clicks: 0 },
    ...{ count_infos: 0, count_warnings: 0, activity: random % 10, replay_type: "session" },
    ...{ has_viewed: serial % 2 === 0, clicks: [] },
  };
}

function environmentOf(serial: number): string {
  return environments[serial % 5 === 0 ? 1 : 0]!;
}
