import { type ByteTemplate, compileTemplate, type HoleValues, hole } from "./byte-template.ts";
import { type EventShape, shapeEvent } from "./event-shapes.ts";
import { type JsonInput, writeJson } from "./json-text.ts";
import { fraction, hash32 } from "./random.ts";
import { type SampleEvent, sampleEvent } from "./sample-event.ts";

/** About how long bodies are; `tiny` ones hold only what identifies, dates and names an event. */
export type EventBytes = number | "realistic" | "tiny";

/** How many different samples there are; all bodies are made from them on demand. */
const sampleCount = 128;
const tinyCount = 8;

/** The bodies of all events: a few samples, each compiled once for each shape that is asked for. */
export interface EventBodies {
  /** The sample that the event with this serial number is made from. */
  sample(serial: number): SampleEvent;
  /** The template for its row. */
  template(serial: number, shape: EventShape): ByteTemplate;
  /** The values of a row that depend on nothing but the serial number. */
  values(serial: number): HoleValues;
}

/** Makes the bodies. `bytes` is about the length of each, or `realistic`: 2 to 200 KB, and odd. */
export function createEventBodies(seed: number, bytes: EventBytes): EventBodies {
  const samples: SampleEvent[] = [];
  const templates = new Map<string, ByteTemplate>();
  const count = bytes === "tiny" ? tinyCount : sampleCount;
  const choose = (serial: number) => hash32(seed ^ 0xb0, serial) % count;
  const sample = (index: number) => {
    samples[index] ??= makeSample(seed, { index, bytes });
    return samples[index];
  };
  return {
    sample: (serial) => sample(choose(serial)),
    template(serial, shape) {
      const index = choose(serial);
      const key = `${shape} ${index}`;
      let template = templates.get(key);
      if (!template) {
        const event = sample(index);
        const row = shapeEvent(event, shape);
        template = compileTemplate(writeJson(bytes === "tiny" ? bare(row) : row, event.style));
        templates.set(key, template);
      }
      return template;
    },
    values: (serial) => ({
      n: String(10_000_000 + serial),
      big: `90071992547${10_000_000 + serial}`,
      size: String(1_000 + (hash32(seed, serial) % 9_000)),
    }),
  };
}

function makeSample(
  seed: number,
  { index, bytes }: { index: number; bytes: EventBytes },
): SampleEvent {
  if (bytes === "realistic") return oddSample(seed, index);
  if (bytes !== "tiny") return plainSample(seed, { index, bytes });
  const event = sampleEvent({ seed, index, bytes: 0, odd: false, padding: 0 });
  return { ...event, title: event.title.replace(/:.*/, ""), message: hole("n") };
}

const bareKeys =
  /^(id|event_?id|group_?id|project_?id|title|message|type|date_?(created|received)|entries|tags)$/i;

/** What is left of a row when it shall be tiny. */
function bare(row: JsonInput): JsonInput {
  const members = Object.entries(row as Readonly<Record<string, JsonInput>>);
  const left = members.filter(([key]) => bareKeys.test(key));
  return Object.fromEntries(left.map(([key, value]) => [key, key === "tags" ? [] : value]));
}

function oddSample(seed: number, index: number): SampleEvent {
  const bytes = realisticSize(fraction(seed ^ 0x51, index));
  return sampleEvent({ seed, index, bytes, odd: true, padding: 0 });
}

/** What fills the holes of a row takes about this much more than their names. */
const holesLength = 220;

function plainSample(
  seed: number,
  { index, bytes }: { index: number; bytes: number },
): SampleEvent {
  const options = { seed, index, bytes, odd: false, padding: 0 };
  const length = writeJson(shapeEvent(sampleEvent(options), "full")).length + holesLength;
  return sampleEvent({ ...options, padding: Math.max(0, bytes - length) });
}

/** Most events take 4 to 10 KB; a few are tiny and a few enormous. */
function realisticSize(random: number): number {
  if (random < 0.08) return 2_000 + random * 20_000;
  if (random < 0.93) return 4_000 + ((random - 0.08) / 0.85) * 6_000;
  if (random < 0.985) return 10_000 + ((random - 0.93) / 0.055) * 50_000;
  return 60_000 + ((random - 0.985) / 0.015) * 140_000;
}
