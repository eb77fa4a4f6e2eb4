import { measure, median, ratio } from "./measure.ts";
import { servePages } from "./pages.ts";
import { count, type Scale, type Section, seconds, type Target, times } from "./report.ts";

const latencyMs = 100;
const inFlight = 25;
/** As many requests a second as can be: what is measured is how many are under way. */
const rateLimits = { default: { limit: 1_000_000, windowSeconds: 1, concurrent: inFlight } };

/** How near decant comes to having as many requests under way as it may, all of the time. */
export async function benchLatency({ quick, rounds }: Scale): Promise<Section> {
  const table = [
    ["events", "pages of", "requests", "ideal", "curl", "decant", "curl / ideal", "decant / ideal"],
  ];
  const targets: Target[] = [];
  const sizes = quick
    ? [{ events: 500, clamp: 10 }]
    : [
        { events: 20_000, clamp: 100 },
        { events: 20_000, clamp: 10 },
      ];
  for (const { events, clamp } of sizes) {
    await using pages = await servePages({
      ...{ events, clamp, eventBytes: 8_000, rateLimits, limits: true },
      faults: { slow: { rate: 1, ms: latencyMs } },
    });
    const commands = {
      curl: await pages.curl("-Z", "--parallel-max", String(inFlight)),
      decant: pages.decant("events.ndjson", "--concurrency", String(inFlight)),
    };
    const { curl, decant } = await measure(commands, rounds);
    const ideal = (pages.requests * latencyMs) / inFlight;
    const toIdeal = ratio(
      decant,
      decant.map(() => ideal),
    );
    table.push([
      ...[events, clamp, pages.requests].map(count),
      ...[ideal, median(curl), median(decant)].map(seconds),
      ...[median(curl) / ideal, toIdeal].map(times),
    ]);
    targets.push({
      target: `${count(pages.requests)} requests of ${latencyMs} ms, ${inFlight} at once, pages of ${clamp}: at most 1.3 x the ideal`,
      measured: times(toIdeal),
      reached: toIdeal <= 1.3,
      floor: "not a floor: slices are found and ended with few requests under way, see the section",
    });
  }
  return {
    title: "Export from a server that takes its time",
    about: `Each answer comes ${latencyMs} ms late, and the server bears ${inFlight} requests at once. The ideal is
requests x latency / ${inFlight}: nothing takes any time but the waiting. curl -Z knows all addresses and has ${inFlight}
connections; decant has to find out where the pages are (--concurrency ${inFlight}). By the
server's log the questions that find the slices of an issue come one after another before anything else, and at the end few
slices are left, each with its pages one after another; a small issue has few slices from the start.`,
    table,
    targets,
  };
}
