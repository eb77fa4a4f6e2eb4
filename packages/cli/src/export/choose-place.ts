import { join, relative, resolve } from "node:path";
import type { SinkEntry } from "@decant/core";
import { stateFolder } from "../config/state-folder.ts";
import { outputKind } from "./output-kind.ts";

/** What decides where output and state go. */
export interface PlaceInputs {
  /** The value of `--output`. */
  readonly output: string | undefined;
  /** The value of `--state`. */
  readonly state: string | undefined;
  readonly entry: SinkEntry;
  /** Names the default output. */
  readonly stream: string;
  readonly now: Date;
  env(name: string): string | undefined;
}

/** Where output and state go. Paths are absolute, so that a resume may run in another folder. */
export interface Place {
  readonly destination: string;
  readonly state: string;
}

/** Chooses where output and state go. What is no file has its state in the user's state folder. */
export async function choosePlace(inputs: PlaceInputs): Promise<Place> {
  const { entry, stream, state } = inputs;
  const output = inputs.output ?? (entry.extension ? stream + entry.extension : "-");
  const kind = await outputKind(output);
  const destination = output === "-" || kind === "address" ? output : resolve(output);
  if (state !== undefined) return { destination, state: resolve(state) };
  return { destination, state: kind === "file" ? `${destination}.decant` : inStateFolder(inputs) };
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
