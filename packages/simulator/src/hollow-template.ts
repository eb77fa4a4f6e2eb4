import { type ByteTemplate, compileTemplate } from "./byte-template.ts";
import { type EventShape, shapeEvent } from "./event-shapes.ts";
import { type JsonInput, writeJson } from "./json-text.ts";
import type { SampleEvent } from "./sample-event.ts";

const hollowSample: SampleEvent = {
  ...{ style: "compact", type: "default", level: "", environment: "", release: "" },
  ...{ platform: null, title: "<unlabeled event>", message: "", culprit: null, location: null },
  ...{ metadata: {}, user: null, tags: [], contexts: {}, extra: {}, packages: {} },
  ...{ sdk: null, entries: [] },
};
const templates = new Map<EventShape, ByteTemplate>();

/** The row of an event whose index entry outlived its body: ids and the time of the index only. */
export function hollowTemplate(shape: EventShape): ByteTemplate {
  let template = templates.get(shape);
  if (!template) {
    const row = shapeEvent(hollowSample, shape) as Readonly<Record<string, JsonInput>>;
    const gone = { dateReceived: null, fingerprints: [], groupingConfig: null };
    const left = Object.entries(row).map(([key, value]) => [
      key,
      key in gone ? gone[key as keyof typeof gone] : value,
    ]);
    template = compileTemplate(writeJson(Object.fromEntries(left)));
    templates.set(shape, template);
  }
  return template;
}
