import { createLane, type LaneOptions, type SentryLane } from "./create-lane.ts";
import { createServerLimit, type ServerLimitOptions } from "./create-server-limit.ts";

/** How lanes are made. */
export interface LanesOptions
  extends ServerLimitOptions,
    Pick<LaneOptions, "now" | "random" | "onWait"> {}

/** Lanes that may have fewer requests at once: there the server allows a user's token one. */
const caps: ReadonlyMap<string, number> = new Map([["project-events", 1]]);

/**
 * Makes the lanes of a server: one for each group of endpoints that it limits apart from others.
 * A lane is made when it is first asked for; any text is a name.
 */
export function createLanes(options: LanesOptions): (name: string) => SentryLane {
  const server = createServerLimit(options);
  const lanes = new Map<string, SentryLane>();
  return (name) => {
    const most = caps.get(name) ?? options.concurrency ?? Number.MAX_SAFE_INTEGER;
    const lane = lanes.get(name) ?? createLane({ ...options, name, most, server });
    lanes.set(name, lane);
    return lane;
  };
}
