import { sentryStreams } from "@decant/sentry-source";
import { expect, test } from "vitest";
import { parseWords } from "./parse-words.ts";

const known = sentryStreams.map(({ name }) => name);
const address = "https://acme.sentry.io/issues/4711/";

test("parseWords() takes words of the table for streams, and all else for issues", () => {
  expect(parseWords([], known)).toEqual({ streams: ["events"], issues: [] });
  expect(parseWords(["4711", "WEB-1A", address], known)).toEqual({
    streams: ["events"],
    issues: ["4711", "WEB-1A", address],
  });
  expect(parseWords(["issues", "4711", "project-keys", "issues"], known)).toEqual({
    streams: ["issues", "project-keys"],
    issues: ["4711"],
  });
  expect(parseWords(["events", "all"], known)).toEqual({ streams: "all", issues: [] });
  expect(parseWords(["web-1a"], known).issues).toEqual(["web-1a"]);
});

test("parseWords() knows every stream of the table", () => {
  expect(parseWords(known, known)).toEqual({ streams: known, issues: [] });
});

test("parseWords() tells which stream may be meant", () => {
  const hints = {
    event: 'Did you mean "events"? "decant streams" shows what there is.',
    "project-kyes":
      'Did you mean "project-keys"? "decant streams" shows what there is. If it is an issue: --issue project-kyes',
    everything: '"decant streams" shows what there is.',
  };
  for (const [word, hint] of Object.entries(hints)) {
    expect(() => parseWords([word], known)).toThrow(
      expect.objectContaining({
        code: "STREAM_UNKNOWN",
        message: `Cannot export "${word}": there is no such stream`,
        hint,
      }),
    );
  }
});
