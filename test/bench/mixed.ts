import { measure, median, ratio } from "./measure.ts";
import { servePages } from "./pages.ts";
import { count, type Scale, type Section, seconds, times } from "./report.ts";

const clamp = 100;

/** Sizes as they are in the world, and gzip on either side. */
export async function benchMixed({ quick, rounds }: Scale): Promise<Section> {
  const events = quick ? 1_000 : 10_000;
  await using plain = await servePages({ events, clamp });
  await using zipped = await servePages({ events, clamp, gzip: true });
  const asTheyAre = await measure(
    {
      curl: await plain.curl(),
      script: plain.sequential,
      decant: plain.decant("events.ndjson"),
    },
    rounds,
  );
  const onTheWire = await measure(
    {
      curl: await zipped.curl("--compressed"),
      script: zipped.sequential,
      decant: zipped.decant("events.ndjson"),
    },
    rounds,
  );
  const inTheFile = await measure(
    { curl: await plain.curlToGzip(), decant: plain.decant("events.ndjson.gz") },
    rounds,
  );
  const megabytes = ((await plain.sizeOf("events.ndjson")) / 1e6).toFixed(0);
  return {
    title: "Sizes as they are, and gzip",
    about: `${count(events)} events of 2 to 200 KB, ${megabytes} MB, in pages of ${clamp}. What goes into a .gz is compared
with \`curl | gzip\`, which has a process of its own to compress in.`,
    table: [
      ["", "curl", "script", "decant", "decant / curl", "decant / script"],
      row("as they are", asTheyAre),
      row("gzip on the wire", onTheWire),
      row("into a .gz", inTheFile),
    ],
    targets: [],
  };
}

interface Figures {
  readonly curl: readonly number[];
  readonly script?: readonly number[];
  readonly decant: readonly number[];
}

function row(name: string, { curl, script, decant }: Figures): string[] {
  const taken = [curl, script, decant].map((one) => (one ? seconds(median(one)) : ""));
  return [name, ...taken, times(ratio(decant, curl)), script ? times(ratio(decant, script)) : ""];
}
