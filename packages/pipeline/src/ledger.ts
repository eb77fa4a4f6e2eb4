import { DecantError, type Json, type Slice } from "@decant/core";
import type { Job } from "./job.ts";
import type { Series, Status } from "./manifest.ts";
import { applyRecord, type SliceRecord } from "./slice-record.ts";
import { createSliceState, type SliceState } from "./slice-state.ts";
import { addSum, createSum, type Sum } from "./tally.ts";

/** The first line of a journal. */
export interface Header {
  readonly decant: "journal";
  readonly version: 1;
  readonly run: string;
  readonly startedAt: string;
  readonly identity: string;
  readonly job: Job;
  /** Whether an output that was there may be replaced. */
  readonly force: boolean;
  /** Tells with which key values are hashed. The key itself is never stored. */
  readonly hashKeyId?: string;
  /** What is known of earlier runs. Absent: later runs are not to go on with this one. */
  readonly series?: Series;
}

/** What was to be read at the start. */
export interface Plan {
  readonly plan: readonly Slice[];
}

/** Cursors, ids and position of one instant. */
export interface Commit {
  readonly commit: {
    readonly position: Json;
    readonly slices: readonly SliceRecord[];
    /** See {@linkcode Ledger.matches}. */
    readonly matches?: Readonly<Record<string, number>>;
    /** See {@linkcode Ledger.held}. */
    readonly held?: number;
  };
}

/** How the export ended, and what its output will hold when it is in its place. */
export interface Finishing {
  readonly finishing: { readonly status: Status; readonly digest: string };
}

/** A journal is a header, a plan, commits, and at last the note that it is being finished. */
export type Entry = Plan | Commit | Finishing;

/** All that a journal says, in memory. */
export interface Ledger {
  readonly header: Header;
  /** By key, in the order in which they were found. */
  readonly slices: Map<string, SliceState>;
  /** Where the sink stood at the last commit. */
  position: Json;
  /** How many values were found at each path of the job's redaction. */
  matches: Record<string, number>;
  /** How many bytes hold of what this run has added to what is held. */
  held: number;
  finishing?: Finishing["finishing"];
}

/** Begins a ledger with what a journal begins with. */
export function createLedger(header: Header, { plan }: Plan, { commit }: Commit): Ledger {
  const { position, matches, held = 0 } = commit;
  const ledger: Ledger = { header, slices: new Map(), position, matches: { ...matches }, held };
  addSlices(ledger, plan);
  return ledger;
}

/**
 * Adds slices that are not known yet. A source may find the same one twice.
 *
 * @throws {DecantError} `SOURCE_CONTRACT` for a slice that was split and cannot be.
 */
export function addSlices(
  ledger: Ledger,
  slices: readonly Slice[],
  parent?: SliceState,
): SliceState[] {
  const splitFrom = parent?.end?.why === "split" ? parent : undefined;
  if (splitFrom) checkSplit(splitFrom, slices);
  const added: SliceState[] = [];
  for (const slice of slices) {
    if (ledger.slices.has(slice.key)) continue;
    const state = createSliceState(slice, splitFrom);
    ledger.slices.set(slice.key, state);
    added.push(state);
  }
  return added;
}

function checkSplit({ slice, sum }: SliceState, parts: readonly Slice[]): void {
  const keepsIds = slice.dedupe === "slice" || sum.rows === 0;
  if (parts.length > 0 && keepsIds) return;
  const state = keepsIds ? "it was split into nothing" : "it was split after some of its rows";
  throw new DecantError("SOURCE_CONTRACT", `Cannot go on with slice "${slice.key}": ${state}`, {
    kind: "source",
  });
}

/** Brings a ledger forward by one line of its journal. */
export function applyEntry(ledger: Ledger, entry: Commit | Finishing): void {
  if ("commit" in entry) {
    ledger.position = entry.commit.position;
    ledger.matches = { ...entry.commit.matches };
    ledger.held = entry.commit.held ?? 0;
    // A slice's record comes before those of the slices that it spawned.
    for (const record of entry.commit.slices) applySlice(ledger, record);
  } else if ("finishing" in entry) {
    ledger.finishing = entry.finishing;
  } else {
    throw new TypeError("Cannot read a line: it is of no known kind");
  }
}

function applySlice(ledger: Ledger, record: SliceRecord): void {
  const state = ledger.slices.get(record.key);
  if (!state) {
    throw new DecantError(
      "STATE_CORRUPT",
      `Cannot read slice "${record.key}": it was not planned`,
      {
        kind: "usage",
      },
    );
  }
  applyRecord(state, record);
  addSlices(ledger, record.spawn ?? [], state);
}

/** Adds up what slices came to. */
export function sumUp(states: Iterable<SliceState>): Sum {
  const sum = createSum();
  for (const state of states) addSum(sum, state.sum);
  return sum;
}
