import { expect, test } from "vitest";
import { ndjsonJob, openNdjson, readNdjsonJob } from "./ndjson-job.ts";

test("readNdjsonJob() gives back what was stored, over JSON", () => {
  for (const options of [
    { files: ["/a", "/b"], stream: "orders", id: [["shop", "id"], ["id"]], time: ["at"] },
    { files: ["/a"], stream: "events" },
  ]) {
    expect(readNdjsonJob(JSON.parse(JSON.stringify(ndjsonJob(options))))).toEqual(options);
  }
});

test.each([null, {}, { files: "a" }, { files: [1] }, { files: ["a"], stream: "s", id: [[1]] }])(
  "readNdjsonJob() refuses %j",
  (options) => {
    expect(() => readNdjsonJob({ name: "ndjson", options })).toThrow(
      expect.objectContaining({ code: "STATE_CORRUPT" }),
    );
  },
);

test("openNdjson() gives streams that are known their columns", async () => {
  const columnsOf = async (stream: string) => {
    const [found] = (await openNdjson(ndjsonJob({ files: ["/a"], stream }))).streams;
    return [found?.name, found?.columns.map(({ name }) => name)];
  };
  expect(await columnsOf("events")).toEqual(["events", expect.arrayContaining(["event_id"])]);
  expect(await columnsOf("orders")).toEqual(["orders", []]);
});
