import { type Estimate, isDecantError, type Slice } from "@decant/core";
import type { Client } from "./create-client.ts";
import { type Cost, estimateSlice, type Survey } from "./estimate-slice.ts";
import { readArgs } from "./slice-args.ts";
import type { StreamEntry } from "./stream-entry.ts";
import { type HasScope, readTokenScopes } from "./token-scopes.ts";

/** Of slices that are alike no more are looked at; the others count as much as those do. */
const mostProbed = 20;
/** Errors that say what stands in the way of one stream, and not of all. */
const obstacles = ["SENTRY_FORBIDDEN", "SENTRY_NOT_FOUND", "SENTRY_REJECTED", "SENTRY_WRONG_URL"];

/** What an estimate is made for. */
export interface EstimateOptions {
  /** What is wanted. */
  readonly streams: readonly StreamEntry[];
  readonly signal: AbortSignal;
}

/** What was found out of a stream by one slice. */
type Finding = {
  readonly stream: string;
  /** For how many slices it stands. */
  readonly weight: number;
} & ({ readonly cost: Cost } | { readonly obstacle: string });

/** How a lane answers: how long one answer takes, and how many it gives in a period. */
interface Pace {
  readonly ms: number;
  readonly limit: number | undefined;
}

/** Tells what reading slices, and all that they spawn, would take. */
export async function estimateSlices(
  client: Client,
  slices: readonly Slice[],
  { streams, signal }: EstimateOptions,
): Promise<readonly Estimate[]> {
  const paces = new Map<string, Pace>();
  const survey: Survey = {
    ...{ client, signal, pageRows: new Map() },
    note(lane, { ms, limit }) {
      const before = paces.get(lane);
      paces.set(lane, { ms: Math.min(ms, before?.ms ?? ms), limit: limit ?? before?.limit });
    },
  };
  const groups = [...Map.groupBy(slices, kindOf).values()];
  const [hasScope, ...found] = await Promise.all([
    scopesOf(client, slices, signal),
    ...groups.map((group) => estimateGroup(group, survey)),
  ]);
  const findings = Map.groupBy(found.flat(), ({ stream }) => stream);
  return streams.map((entry) =>
    toEstimate(entry, { findings: findings.get(entry.name) ?? [], hasScope, client, paces }),
  );
}

/** Slices of one kind cost about the same. */
function kindOf(slice: Slice): string {
  const args = readArgs(slice);
  return `${slice.stream} ${args.kind} ${args.kind === "list" ? args.stream : ""}`;
}

async function estimateGroup(group: readonly Slice[], survey: Survey): Promise<Finding[]> {
  const probed = group.slice(0, mostProbed);
  const weight = group.length / probed.length;
  const found = await Promise.all(
    probed.map(async (slice): Promise<Finding[]> => {
      try {
        const costs = await estimateSlice(slice, survey);
        return costs.map((cost) => ({ stream: cost.stream, weight, cost }));
      } catch (error) {
        if (!isDecantError(error) || !obstacles.includes(error.code)) throw error;
        return [{ stream: slice.stream, weight, obstacle: error.message }];
      }
    }),
  );
  return found.flat();
}

async function scopesOf(
  client: Client,
  [slice]: readonly Slice[],
  signal: AbortSignal,
): Promise<HasScope | undefined> {
  if (slice === undefined) return undefined;
  return readTokenScopes(client, { origin: readArgs(slice).server.origin, signal });
}

interface Known {
  readonly findings: readonly Finding[];
  readonly hasScope: HasScope | undefined;
  readonly client: Client;
  readonly paces: ReadonlyMap<string, Pace>;
}

function toEstimate({ name, scope }: StreamEntry, known: Known): Estimate {
  const { findings, hasScope, paces } = known;
  const costs = findings.filter((one) => "cost" in one);
  const rows = sumOf(costs.map(({ cost, weight }) => times(cost.rows, weight)));
  const requests = sumOf(costs.map(({ cost, weight }) => times(cost.requests, weight)));
  const ms = requests === undefined ? undefined : timeOf(costs, known);
  // What was answered is no matter of scopes.
  const answered = costs.some(({ cost }) => paces.has(cost.lane));
  const needed = costs.some(({ cost }) => cost.lane === "project-events") ? "project:read" : scope;
  const missing = !answered && hasScope?.(needed) === false;
  const obstacle =
    findings.find((one) => "obstacle" in one)?.obstacle ??
    (missing ? `the token lacks the scope ${needed}` : undefined);
  return {
    stream: name,
    ...(rows !== undefined && { rows: Math.round(rows) }),
    ...(requests !== undefined && { requests: Math.round(requests) }),
    ...(ms !== undefined && { ms: Math.round(ms) }),
    ...(obstacle !== undefined && { obstacle }),
  };
}

function times(value: number | undefined, weight: number): number | undefined {
  return value === undefined ? undefined : value * weight;
}

/** Nothing, where a part is not known or there is none. */
function sumOf(parts: readonly (number | undefined)[]): number | undefined {
  let sum = 0;
  for (const part of parts) {
    if (part === undefined) return undefined;
    sum += part;
  }
  return parts.length > 0 ? sum : undefined;
}

/** Lanes are used side by side, so the slowest one tells. */
function timeOf(
  costs: readonly { readonly cost: Cost; readonly weight: number }[],
  { client, paces }: Known,
): number {
  const usual = Math.min(...[...paces.values()].map(({ ms }) => ms));
  const lanes = Map.groupBy(costs, ({ cost }) => cost.lane);
  const spans = [...lanes].map(([lane, parts]) => {
    const requests = sumOf(parts.map(({ cost, weight }) => times(cost.requests, weight))) ?? 0;
    const { ms, limit = Number.POSITIVE_INFINITY } = paces.get(lane) ?? { ms: usual };
    const each = Math.max(ms / client.lane(lane).concurrency, periodMs(lane) / limit);
    return requests * (Number.isFinite(each) ? each : 0);
  });
  return Math.max(...spans);
}

/** The headers tell how many requests a period has, but not how long it is. */
function periodMs(lane: string): number {
  return lane === "project-events" ? 60_000 : 1_000;
}
