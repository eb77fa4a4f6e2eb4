import type { Scene } from "./call.ts";
import type { Issue } from "./entities.ts";
import { isoTime } from "./iso-time.ts";
import type { SimulatedEvent } from "./sentry-simulator.ts";

/** Every event of an issue that can be listed now, newest first. */
export function* eventRows({ world, settings }: Scene, issue: Issue): Generator<SimulatedEvent> {
  const shape = settings.flavor === "glitchtip" ? "glitchtip-snake" : "full";
  const oldest = settings.now() - settings.retentionMs;
  for (const serial of issue.events) {
    if (world.table.order(serial) < oldest) return;
    yield {
      id: world.table.id(serial),
      projectId: issue.project.id,
      issueId: issue.id,
      time: isoTime(world.table.order(serial)),
      json: world.json(serial, shape),
      hollow: world.hollow.has(serial),
    };
  }
}
