import { hole } from "./byte-template.ts";
import { type JsonInput, rawJson } from "./json-text.ts";
import type { SampleEvent } from "./sample-event.ts";

/** How a server writes an event into a list. */
export type EventShape = "full" | "short" | "glitchtip-snake" | "glitchtip-camel";

/** Gives an event the shape of a row, with holes where rows of one sample differ. */
export function shapeEvent(event: SampleEvent, shape: EventShape): JsonInput {
  if (shape === "short") return shortRow(event);
  if (shape === "full") return fullRow(event);
  const row = glitchtipRow(event);
  return shape === "glitchtip-camel"
    ? row
    : Object.fromEntries(Object.entries(row).map(([key, value]) => [snakeCase(key), value]));
}

function fullRow(event: SampleEvent): JsonInput {
  const { message, title, location, user, contexts, sdk } = event;
  return {
    id: hole("id"),
    groupID: hole("group"),
    eventID: hole("id"),
    projectID: hole("project"),
    size: rawJson(hole("size")),
    entries: event.entries,
    dist: null,
    ...{ message, title, location, user, contexts, sdk },
    context: event.extra,
    packages: event.packages,
    type: event.type,
    metadata: event.metadata,
    tags: event.tags,
    platform: event.platform,
    dateReceived: hole("received"),
    errors: [],
    occurrence: null,
    _meta: emptyMeta,
    ...(event.type === "transaction" ? transactionPart : errorPart(event)),
  };
}

const emptyMeta: JsonInput = {
  ...{ entries: {}, message: null, user: null, contexts: null, sdk: null, context: null },
  ...{ packages: null, tags: {} },
};

const transactionPart = {
  startTimestamp: rawJson(hole("startTimestamp")),
  endTimestamp: rawJson(hole("endTimestamp")),
  measurements: { lcp: { value: rawJson("1250.0"), unit: "millisecond" } },
  breakdowns: null,
};

function errorPart({ culprit }: SampleEvent) {
  return {
    crashFile: null,
    culprit,
    dateCreated: hole("created"),
    fingerprints: ["7b1f0a6e3c7a4f5f9d0b7c2e8a1d4f60"],
    groupingConfig: { id: "newstyle:2023-01-11", enhancements: "" },
  };
}

function shortRow(event: SampleEvent): JsonInput {
  return {
    id: hole("id"),
    "event.type": event.type,
    groupID: hole("group"),
    eventID: hole("id"),
    projectID: hole("project"),
    message: event.message ?? "",
    title: event.title,
    location: event.location,
    culprit: event.culprit,
    user: event.user,
    tags: event.tags,
    platform: event.platform,
    dateCreated: hole("created"),
    crashFile: null,
    metadata: event.metadata,
  };
}

function glitchtipRow(event: SampleEvent): { readonly [key: string]: JsonInput } {
  const { message, title, user, contexts, sdk } = event;
  return {
    eventID: hole("id"),
    projectID: rawJson(hole("project")),
    groupID: hole("group"),
    dateCreated: hole("created"),
    dateReceived: hole("received"),
    dist: null,
    ...{ message, title, user, contexts, sdk },
    culprit: event.culprit,
    context: event.extra,
    entries: event.entries,
    packages: event.packages,
    tags: event.tags,
    platform: event.platform,
    type: event.type,
    metadata: event.metadata,
    userReport: null,
    id: hole("id"),
  };
}

function snakeCase(key: string): string {
  return key.replace(/([a-z])([A-Z]+)/g, "$1_$2").toLowerCase();
}
