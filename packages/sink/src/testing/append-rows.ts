// Goes on at a position, and prints each position as a host would record it.
import { createRow } from "@decant/core";
import { jsonSink } from "../json.ts";
import { ndjsonSink } from "../ndjson.ts";

const [destination = "", names = "", total = "0", last = "{}"] = process.argv.slice(2);
const { position, finishing, row: start } = JSON.parse(last);
const streams = names.split(",").map((name) => ({ name, columns: [] }));
const sink = await (destination.includes(".json") ? jsonSink : ndjsonSink).open({
  destination,
  streams,
  options: { gzip: destination.endsWith(".gz") },
  run: "kill",
  force: false,
  position,
  finishing,
});
const encoder = new TextEncoder();
for (let row = start; row < Number(total); row += 20) {
  const rows = Array.from({ length: 20 }, (_, at) => {
    const json = JSON.stringify({ n: row + at, text: "x".repeat(2000) });
    return createRow({ id: String(row + at), json: encoder.encode(json) });
  });
  for (const { name } of streams) await sink.write(name, rows);
  console.log(JSON.stringify({ position: await sink.commit(), row: row + 20 }));
}
console.log(JSON.stringify({ position: await sink.commit(), row: Number(total), finishing: true }));
await sink.finish();
console.log("done");
