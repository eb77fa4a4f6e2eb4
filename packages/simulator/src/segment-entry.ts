import { type JsonInput, rawJson } from "./json-text.ts";
import type { ListEntry } from "./list-entry.ts";

/** What a replay recorded. A row is a list of recorded events, and has no id. */
export const segmentEntry: ListEntry = {
  ...{ stream: "replay-segments", parent: "replays", scopes: ["project"], paging: "rows" },
  path: "projects/:org/:project/replays/:replay/recording-segments/",
  rows: ({ parents }) => segmentCount(parents["replay"]!),
  make: ({ nth, time, parents }): JsonInput => [
    {
      type: 4,
      timestamp: rawJson(`${time}.0`),
      data: { href: "https://shop.example.com/支付", width: 1_200, height: 800 },
    },
    {
      type: 5,
      timestamp: time,
      data: { tag: "breadcrumb", payload: { nth, replay: parents["replay"]! } },
    },
  ],
};

/** How many segments the replay with this id has. */
export function segmentCount(replayId: string): number {
  return 1 + (Number.parseInt(replayId.slice(0, 4), 16) % 4);
}
