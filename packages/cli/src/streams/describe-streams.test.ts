import { sentryStreams } from "@decant/sentry-source";
import { expect, test } from "vitest";
import { describeStream, listStreams } from "./describe-streams.ts";

const find = (name: string) => sentryStreams.find((stream) => stream.name === name)!;

test("listStreams() has a line for each stream, with what it is read for and the scope", () => {
  const lines = listStreams(sentryStreams).split("\n");
  expect(lines).toHaveLength(sentryStreams.length + 1);
  expect(lines[0]).toMatch(/^STREAM +WHAT IT IS +PER +SCOPE +READ$/);
  expect(lines).toContainEqual(expect.stringMatching(/^events .* issue +event:read +by time$/));
  expect(lines).toContainEqual(
    expect.stringMatching(/^issues .* project +event:read +by time, may change$/),
  );
  expect(lines).toContainEqual(expect.stringMatching(/^teams .* organisation +org:read +whole$/));
});

test("describeStream() says where it comes from, what a later run does, and its columns", () => {
  const events = describeStream(find("events"));
  expect(events).toMatch(/^events: .*\n/);
  expect(events).toMatch(/^path +\/api\/0\/organizations\/\{org\}\/issues/m);
  expect(events).toMatch(/^later runs +add what is new$/m);
  expect(events).toMatch(/^event_id +text +\S/m);
  expect(describeStream(find("issues"))).toMatch(/^later runs +read it again/m);
});
