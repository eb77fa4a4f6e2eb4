import { stat } from "node:fs/promises";
import { join } from "node:path";
import { DecantError, type SinkOpenOptions } from "@decant/core";
import { attempt, systemCode } from "@decant/core/file";

type Options = Pick<SinkOpenOptions, "append" | "destination" | "run" | "streams">;

/**
 * Says where the page of a run lies. One that adds to others, and one of several streams whose
 * destination does not look like a page, lies in the folder that the destination names.
 *
 * @throws {DecantError} `OUTPUT_INVALID` for what cannot be a page.
 */
export async function pagePlace(options: Options): Promise<string> {
  const path = choosePath(options);
  const found = await attempt(`write "${path}"`, () =>
    stat(path).catch((error: unknown) => {
      if (systemCode(error) !== "ENOENT") throw error;
    }),
  );
  if (found && !found.isFile()) throw invalid(path, "it is no file");
  return path;
}

function choosePath({ append = false, destination, run, streams }: Options): string {
  if (destination === "-") throw invalid(destination, "a page is made in a file");
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(destination)) {
    throw invalid(destination, "it is an address, not a file");
  }
  if (append) {
    if (/^[A-Za-z0-9-]+$/.test(run)) return join(destination, `report-${run}.html`);
    throw invalid(`report-${run}.html`, "no file can have that name");
  }
  if (streams.length > 1 && !/\.html?$/i.test(destination)) return join(destination, "report.html");
  if (destination === "" || destination.endsWith("/"))
    throw invalid(destination, "it names no file");
  return destination;
}

function invalid(path: string, state: string): DecantError {
  return new DecantError("OUTPUT_INVALID", `Cannot write "${path}": ${state}`, {
    kind: "usage",
    hint: "Name a file that ends in .html.",
  });
}
