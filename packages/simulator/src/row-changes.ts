import type { Scene } from "./call.ts";
import type { JsonInput } from "./json-text.ts";
import type { ListedRow } from "./list-store.ts";
import { listEntry } from "./list-table.ts";
import type { StreamName } from "./stream-name.ts";

/** Which row. */
interface Target {
  readonly stream: StreamName;
  readonly id: string;
}

const statuses = ["unresolved", "resolved", "ignored"] as const;

/** Gives members of a row, of a list or an issue, other values. */
export function changeRow(
  scene: Scene,
  { stream, id, changes }: Target & { changes: Readonly<Record<string, unknown>> },
): void {
  if (stream === "issues") {
    const issue = scene.world.issue(id);
    if (!issue) throw unknown({ stream, id });
    const status = statuses.find((one) => one === changes["status"]);
    if (status) issue.status = status;
    issue.changes = { ...issue.changes, ...changes };
    return;
  }
  const { rows, at } = findRow(scene, { stream, id });
  const { value } = rows[at]!;
  const changed = { ...(value as object), ...changes } as JsonInput;
  rows[at] = { ...rows[at]!, value: changed };
}

/** Takes a row out of its list. */
export function removeRow(scene: Scene, target: Target): void {
  const { rows, at } = findRow(scene, target);
  rows.splice(at, 1);
}

function findRow({ world }: Scene, target: Target): { rows: ListedRow[]; at: number } {
  const entry = listEntry(target.stream);
  if (!entry) {
    throw new Error(`Cannot change a row of "${target.stream}": only issues and lists change`);
  }
  for (const place of world.lists.places(entry)) {
    const rows = world.lists.rows(entry, place);
    const at = rows.findIndex(({ id }) => id === target.id);
    if (at >= 0) return { rows, at };
  }
  throw unknown(target);
}

function unknown({ stream, id }: Target): Error {
  return new Error(`Cannot find the row "${id}": the stream "${stream}" has none of that id`);
}
