import { stat } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { DecantError, type SinkEntry } from "@decant/core";
import { stateFolder } from "../config/state-folder.ts";
import { outputKind } from "./output-kind.ts";

/** What decides where output and state go. */
export interface PlaceInputs {
  /** The value of `--output`. */
  readonly output: string | undefined;
  /** The value of `--state`. */
  readonly state: string | undefined;
  readonly entry: SinkEntry;
  /** The streams that are exported. */
  readonly streams: readonly string[];
  /** Whether later runs add to it. */
  readonly incremental: boolean;
  readonly now: Date;
  env(name: string): string | undefined;
}

/** Where output and state go. Paths are absolute, so that a resume may run in another folder. */
export interface Place {
  readonly destination: string;
  readonly state: string;
}

/**
 * Chooses where output and state go. Several streams, and runs that add to each other, get a folder,
 * but for sinks that keep all in one file. What is no file has its state in the user's state folder.
 *
 * @throws {DecantError} `STATE_NEEDED` when a later run would not find the state.
 */
export async function choosePlace(inputs: PlaceInputs): Promise<Place> {
  const { entry, state, incremental } = inputs;
  const output = inputs.output ?? defaultOutput(inputs);
  const kind = await outputKind(output);
  const path = output === "-" || kind === "address" ? output : await inFolder(output, inputs);
  const destination = path === "-" || kind === "address" ? path : resolve(path);
  if (state !== undefined) return { destination, state: resolve(state) };
  if (kind === "file") return { destination, state: `${destination}.decant` };
  if (!incremental) return { destination, state: inStateFolder(inputs) };
  throw new DecantError(
    "STATE_NEEDED",
    `Cannot export to "${destination}" with --incremental: later runs would not find the state`,
    {
      kind: "usage",
      hint: `Say where it lies with --state FILE${entry.extension ? ", or name a folder with --output" : ""}.`,
    },
  );
}

function defaultOutput({ entry, streams, incremental }: PlaceInputs): string {
  if (entry.extension === undefined) return "-";
  const name = streams.length === 1 ? streams[0]! : "sentry";
  return wantsFolder(entry, { streams, incremental }) ? name : name + entry.extension;
}

/** A sink that knows rows by key holds all of them in one place. */
function wantsFolder(
  { resume }: SinkEntry,
  { streams, incremental }: Pick<PlaceInputs, "streams" | "incremental">,
): boolean {
  return resume !== "keyed" && (incremental || streams.length > 1);
}

/** A folder as the output of one file means the file of that name in it. */
async function inFolder(output: string, inputs: PlaceInputs): Promise<string> {
  const { entry, streams } = inputs;
  if (entry.extension === undefined || wantsFolder(entry, inputs)) return output;
  const isFolder =
    output.endsWith("/") || (await stat(output).catch(() => undefined))?.isDirectory() === true;
  const name = streams.length === 1 ? streams[0]! : "sentry";
  return isFolder ? join(output, name + entry.extension) : output;
}

function inStateFolder({ env, now }: PlaceInputs): string {
  const time = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  const random = crypto.randomUUID().slice(0, 8);
  return join(stateFolder(env), `${time}-${random}.decant`);
}

/** Writes a path as a user in this folder would. */
export function shortPath(path: string): string {
  if (path === "-" || path.includes("://")) return path;
  const near = relative(process.cwd(), path);
  return near.startsWith("..") || near === "" ? path : near;
}
