import { pickPath } from "@decant/core";
import { type Counter, createCounter } from "./create-counter.ts";
import { clipText, pickText } from "./plan-facts.ts";
import type { Tags } from "./report.ts";
import { pairsOf } from "./tag-pairs.ts";

/** Counts the values of each tag. */
export interface TagCounter {
  add(value: unknown): void;
  result(): Tags;
}

const mostKeys = 200;
const mostValues = 1_000;
const shownKeys = 40;
const shownValues = 20;
/** These have lists of their own. */
const elsewhere = new Set(["level", "release", "environment"]);

/** Makes a counter of tags. Events without tags of browser and system have them in their contexts. */
export function createTags(): TagCounter {
  const keys = new Map<string, Counter>();
  let more = false;

  function count(key: string, value: string): void {
    let counter = keys.get(key);
    if (!counter) {
      more ||= keys.size >= mostKeys;
      if (keys.size >= mostKeys) return;
      counter = createCounter(mostValues);
      keys.set(key, counter);
    }
    counter.add(value);
  }

  return {
    add(value) {
      const found = new Map<string, string>();
      for (const [key, text] of pairsOf(pickPath(value, [["tags"]]))) {
        if (key !== "" && !elsewhere.has(key)) found.set(clipText(key, 80), clipText(text, 200));
      }
      for (const key of ["browser", "os"]) {
        const name = pickText(value, [["contexts", key, "name"]]);
        if (name !== undefined && !found.has(`${key}.name`)) found.set(`${key}.name`, name);
      }
      for (const [key, text] of found) count(key, text);
    },
    result() {
      const all = [...keys].map(([key, counter]) => ({ key, ...counter.top(shownValues) }));
      all.sort((one, other) => other.rows - one.rows);
      return { keys: all.slice(0, shownKeys), more: more || all.length > shownKeys };
    },
  };
}
