import { DecantError } from "@decant/core";
import { nearest } from "../text/nearest.ts";

/** What the words behind `export sentry` name. */
export interface Words {
  /** In the order in which they were given, each once. */
  readonly streams: readonly string[] | "all";
  /** Ids, short ids, or addresses. */
  readonly issues: readonly string[];
}

/** Streams are words of small letters. Ids are numbers, short ids have capitals. */
const streamForm = /^[a-z]+([-_][a-z]+)*$/;

/**
 * Tells the streams among the words behind `export sentry` from the issues. Where no stream is named,
 * events are meant.
 *
 * @param known The names of all streams.
 * @throws {DecantError} `STREAM_UNKNOWN`.
 */
export function parseWords(words: readonly string[], known: readonly string[]): Words {
  const streams = new Set<string>();
  const issues: string[] = [];
  for (const word of words) {
    if (known.includes(word) || word === "all") streams.add(word);
    else if (streamForm.test(word)) throw unknownStream(word, known);
    else issues.push(word);
  }
  if (streams.has("all")) return { streams: "all", issues };
  return { streams: streams.size > 0 ? [...streams] : ["events"], issues };
}

/** Says that there is no such stream, and which one may be meant. */
export function unknownStream(word: string, known: readonly string[]): DecantError {
  const near = nearest(word, [...known, "all"]);
  const guess = near === undefined ? "" : `Did you mean "${near}"? `;
  const issue = word.includes("-") ? ` If it is an issue: --issue ${word}` : "";
  return new DecantError("STREAM_UNKNOWN", `Cannot export "${word}": there is no such stream`, {
    kind: "usage",
    hint: `${guess}"decant streams" shows what there is.${issue}`,
  });
}
