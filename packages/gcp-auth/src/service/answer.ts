import type { CacheResult } from "./options.ts";

/** An answer before it becomes a `Response`. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How its token came about. */
  readonly cache?: CacheResult;
  /** Until when the same URL has the same answer, in milliseconds since 1970. Absent: nobody knows. */
  readonly freshUntil?: number;
  /** The code of what is wrong. */
  readonly error?: string;
}

/** An answer of text, as the metadata server gives values. */
export function textAnswer(body: string, type = "application/text"): Answer {
  return { status: 200, headers: { "content-type": type }, body };
}

/** An answer of JSON that is text already. */
export function jsonAnswer(body: string): Answer {
  return textAnswer(body, "application/json");
}
