import { Buffer } from "node:buffer";
import type { Scene } from "./call.ts";
import { datasetRow } from "./dataset-row.ts";
import type { Issue } from "./entities.ts";
import { eventRows } from "./event-rows.ts";
import { issueJson } from "./issue-json.ts";
import { type JsonInput, writeJson } from "./json-text.ts";
import { type ListEntry, recent } from "./list-entry.ts";
import { listEntry } from "./list-table.ts";
import { organizationJson, projectDetailJson, projectJson } from "./organization.ts";
import { replayRow } from "./replays.ts";
import type { DatasetName } from "./sentry-options.ts";
import type { SimulatedRow } from "./sentry-simulator.ts";
import type { StreamName } from "./stream-name.ts";

/** Every row of a stream that can be listed now; none of a stream that the server does not have. */
export function* streamRows(scene: Scene, stream: StreamName): Generator<SimulatedRow> {
  if (scene.settings.disabled.includes(stream)) return;
  const entry = listEntry(stream);
  if (entry) yield* listRows(scene, entry);
  else if (isDataset(stream)) yield* datasetRows(scene, stream);
  else yield* ownRows(scene, stream);
}

function* listRows({ world, settings }: Scene, entry: ListEntry): Generator<SimulatedRow> {
  if (!(entry.flavors ?? recent).includes(settings.flavor)) return;
  for (const place of world.lists.places(entry)) {
    for (const { id, value } of world.lists.rows(entry, place)) {
      yield { id, parents: place.parents, json: bytes(value) };
    }
  }
}

function isDataset(stream: StreamName): stream is DatasetName {
  return ["transactions", "spans", "logs", "replays"].includes(stream);
}

function* datasetRows(scene: Scene, name: DatasetName): Generator<SimulatedRow> {
  const { world, settings } = scene;
  if (!recent.includes(settings.flavor)) return;
  const table = world.dataset(name);
  const from = settings.now() - settings.retentionMs;
  const found = table.range({ from, to: Number.POSITIVE_INFINITY }, [...world.projects.keys()]);
  for (const serial of found.list.slice(found.from, found.to)) {
    const project = world.projects[table.projectOf(serial)]!;
    const value =
      name === "replays"
        ? replayRow(scene, { table, serial })
        : datasetRow(name, { seed: settings.seed, table, serial, project });
    const { id } = value as { id: string };
    yield { id, parents: { project: project.slug }, json: bytes(value) };
  }
}

/** What is neither a list of the table nor a dataset. */
function* ownRows(scene: Scene, stream: StreamName): Generator<SimulatedRow> {
  const { world, settings } = scene;
  if (stream === "organization") {
    yield { id: settings.org, parents: {}, json: bytes(organizationJson(scene)) };
  }
  if (stream === "projects" || stream === "project-details") {
    const make = stream === "projects" ? projectJson : projectDetailJson;
    for (const project of world.projects) {
      const parents = stream === "projects" ? {} : { project: project.slug };
      yield { id: project.id, parents, json: bytes(make(scene, project)) };
    }
  }
  for (const issue of world.issues.filter(isListed)) {
    if (stream === "issues") {
      if (eventRows(scene, issue).next().done) continue;
      const parents = { project: issue.project.slug };
      yield { id: issue.id, parents, json: bytes(issueJson(scene, issue)) };
    }
    if (stream === "events") {
      for (const { id, json } of eventRows(scene, issue)) {
        yield { id, parents: { project: issue.project.slug, issue: issue.id }, json };
      }
    }
  }
}

function isListed({ deleted, mergedInto }: Issue): boolean {
  return !deleted && !mergedInto;
}

function bytes(value: unknown): Uint8Array {
  return Buffer.from(writeJson(value as JsonInput));
}
