import { measure, median, ratio } from "./measure.ts";
import { sequentialName, servePages } from "./pages.ts";
import { count, type Scale, type Section, seconds, type Target, times } from "./report.ts";

const eventBytes = 8_000;
interface Size {
  readonly events: number;
  readonly clamp: number;
}

/** How much decant adds to the plain download of the same pages. */
export async function benchExport(scale: Scale): Promise<Section> {
  const small = scale.quick ? 500 : 20_000;
  const table = [
    [
      "events",
      "pages of",
      "curl",
      "script",
      "decant",
      "script / curl",
      "decant / curl",
      "decant / script",
    ],
  ];
  const targets: Target[] = [];
  for (const events of [small, 10 * small]) {
    for (const clamp of [100, 10]) {
      const { row, toCurl, toScript } = await measureSize({ events, clamp }, scale);
      table.push(row);
      const size = `${count(events)} events, pages of ${clamp}`;
      if (events > small && clamp === 100) targets.push(curlTarget(size, toCurl));
      targets.push(scriptTarget(size, toScript));
    }
  }
  return {
    title: "Export over loopback",
    about: `Events of 8 KB from the simulator in a process of its own. curl is the floor: one process, one
connection, each page by its address, nothing looked at. The script is ${sequentialName}.
decant runs as it comes: it asks for several pages at once, checks each row, leaves out what comes twice,
writes what is durable and can go on after a kill. By a profile of November 2026 (\`node --cpu-prof\`, 20,000 events,
pages of 100) a fifth of its time goes into finding the rows in the bytes, a sixth into collecting garbage, 5 percent
into hashes; in the small sizes loading the program counts most.`,
    table,
    targets,
  };
}

async function measureSize({ events, clamp }: Size, { rounds }: Scale) {
  await using pages = await servePages({ events, clamp, eventBytes });
  const commands = {
    curl: await pages.curl(),
    script: pages.sequential,
    decant: pages.decant("events.ndjson"),
  };
  const { curl, script, decant } = await measure(commands, rounds);
  // "[" and "]" are one byte more than the line break of the last row.
  if ((await pages.sizeOf("sequential.json")) !== (await pages.sizeOf("events.ndjson")) + 1) {
    throw new Error("decant and the script have not exported the same");
  }
  const toCurl = ratio(decant, curl);
  const toScript = ratio(decant, script);
  const all = [median(curl), median(script), median(decant)].map(seconds);
  const ratios = [ratio(script, curl), toCurl, toScript].map(times);
  return { row: [count(events), String(clamp), ...all, ...ratios], toCurl, toScript };
}

function curlTarget(size: string, measured: number): Target {
  return {
    target: `${size}: at most 2.0 x curl`,
    measured: times(measured),
    reached: measured <= 2,
    floor: "decant's own work: see the section",
  };
}

function scriptTarget(size: string, measured: number): Target {
  return {
    target: `${size}: faster than the script`,
    measured: times(measured),
    reached: measured < 1,
    floor: "decant's own work: see the section",
  };
}
