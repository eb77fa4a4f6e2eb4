import type { Answer } from "./answer.ts";

/** A URL that was asked for, and what there is to say about it whoever asks. */
export interface Target {
  readonly url: URL;
  readonly path: string;
  /** What its requests are counted as. */
  readonly route: string;
  /** What was answered, which stays right until `freshUntil`. */
  readonly answer?: Answer;
}

/** Answers that stay right for a while, by URL. */
export interface RecentAnswers {
  get(url: string): Target | undefined;
  /** Keeps an answer that stays right for a while, and nothing else. */
  keep(url: string, target: Target, answer: Answer): void;
}

/** Of more URLs than these, those that came first are forgotten. */
const most = 100;

/**
 * Keeps the answers with tokens from memory until the second that they tell changes, so that a busy
 * service neither reads the URL of a request again nor writes the same answer again.
 */
export function createRecentAnswers(): RecentAnswers {
  const targets = new Map<string, Target>();
  return {
    get: (url) => targets.get(url),
    keep(url, target, answer) {
      if (answer.freshUntil === undefined) return;
      if (targets.size >= most && !targets.has(url)) targets.delete(targets.keys().next().value!);
      targets.set(url, { ...target, answer });
    },
  };
}
