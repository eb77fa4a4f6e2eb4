import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** For two halves of 4 MiB each. */
const youngBytes = 8 << 20;

/**
 * Keeps the garbage of a long export small. V8 sizes its young generation by the machine, and on a
 * large one lets more than a hundred megabytes pile up for little gain in speed. So that one stops
 * growing at 4 MiB: at the 1 MiB that it begins with, twice the time of the whole export goes into
 * collecting. The old one is collected once it has grown by 40 percent.
 */
export function limitGarbage(): void {
  setFlagsFromString("--heap-growing-percent=40");
  const timer = setInterval(() => {
    const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
    if (young && young.space_size < youngBytes) return;
    clearInterval(timer);
    setFlagsFromString("--semi-space-growth-factor=1");
  }, 10);
  timer.unref();
}
