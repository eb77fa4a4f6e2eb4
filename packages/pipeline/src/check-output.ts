import { DecantError } from "@decant/core";
import { createIdCheck, type IdCheck } from "./check-ids.ts";
import { addHashes, formatDigest } from "./digest.ts";
import { hidesId } from "./hides-id.ts";
import type { Manifest, StreamReport } from "./manifest.ts";
import type { Reading, Verification, VerifyOptions } from "./verify-export.ts";

/** So many ids are named; of more it is said how many there are. */
const namesAtMost = 20;

interface Check {
  rows: number;
  bytes: number;
  sum: bigint;
  readonly ids: IdCheck | undefined;
}

/**
 * Reads an output back and compares it with its manifest.
 *
 * @param checks Whether to look at ids, too.
 */
export async function checkOutput(
  options: VerifyOptions,
  checks: { readonly ids: boolean },
): Promise<Verification> {
  const { manifest } = options;
  const notes: string[] = [];
  const streams = new Map(
    Object.entries(manifest.streams).map(([name, report]): [string, Check] => [
      name,
      {
        rows: 0,
        bytes: 0,
        sum: 0n,
        ids: checks.ids ? idsOf(name, { report, manifest, notes }) : undefined,
      },
    ]),
  );
  const total: Check = { rows: 0, bytes: 0, sum: 0n, ids: undefined };
  let apart = true;
  for await (const { stream, json } of pagesOf(options)) {
    const check = stream === undefined ? undefined : streams.get(stream);
    apart &&= check !== undefined;
    for (const one of check ? [check, total] : [total]) addTo(one, json);
    if (check?.ids) for (const row of json) check.ids.add(row);
  }
  const names = apart ? [...streams.keys()] : [];
  const problems = [
    ...(apart && streams.size > 1
      ? names.flatMap((name) => compare(streams.get(name), manifest.streams[name], `${name}: `))
      : compare(total, manifest, "")),
    ...(apart ? await judgeIds(options, { streams, notes }) : []),
  ];
  return {
    ok: problems.length === 0,
    ...readingOf(total),
    streams: Object.fromEntries(names.map((name) => [name, readingOf(streams.get(name) ?? total)])),
    problems,
    notes,
  };
}

/** The rows of the run, each with its stream if that can be told. */
async function* pagesOf({
  manifest,
  sink,
  signal,
  ...options
}: VerifyOptions): AsyncGenerator<{ stream?: string; json: readonly Uint8Array[] }> {
  const { name, options: sinkOptions } = manifest.job.sink;
  const destination = options.destination ?? manifest.job.sink.destination;
  if (!sink.read) {
    const what = `Cannot verify "${destination}": sink "${name}" keeps nothing to read`;
    throw new DecantError("SINK_UNREADABLE", what, { kind: "usage" });
  }
  const names = Object.keys(manifest.streams);
  const pages = sink.read({
    destination,
    options: sinkOptions,
    run: manifest.run,
    streams: names.map((stream) => ({ name: stream, columns: [] })),
    ...(signal && { signal }),
  });
  const only = names.length === 1 ? names[0] : undefined;
  for await (const { json, stream = only } of pages) {
    signal?.throwIfAborted();
    yield { json, ...(stream !== undefined && { stream }) };
  }
}

function addTo(check: Check, json: readonly Uint8Array[]): void {
  check.rows += json.length;
  for (const row of json) check.bytes += row.byteLength;
  check.sum = addHashes(check.sum, json);
}

function readingOf({ rows, bytes, sum }: Check): Reading {
  return { rows, bytes, digest: formatDigest(sum) };
}

function compare(found: Check | undefined, wanted: Reading | undefined, prefix: string): string[] {
  if (!found || !wanted) return [];
  const { rows, bytes, digest } = readingOf(found);
  return [
    ...(rows === wanted.rows ? [] : [`${prefix}it holds ${rows} rows instead of ${wanted.rows}`]),
    ...(bytes === wanted.bytes
      ? []
      : [`${prefix}its rows have ${bytes} bytes instead of ${wanted.bytes}`]),
    ...(digest === wanted.digest ? [] : [`${prefix}its rows are not those that were written`]),
  ];
}

/** Absent: the rows do not say their ids. */
function idsOf(
  name: string,
  { report, manifest, notes }: { report: StreamReport; manifest: Manifest; notes: string[] },
): IdCheck | undefined {
  if (!report.id) return undefined;
  if (!hidesId(report.id, manifest.job.redact ?? {})) return createIdCheck(report.id);
  notes.push(`${name}: its ids are not checked: the redaction takes them out`);
  return undefined;
}

interface Found {
  readonly streams: ReadonlyMap<string, Check>;
  readonly notes: string[];
}

async function judgeIds(options: VerifyOptions, { streams, notes }: Found): Promise<string[]> {
  const problems: string[] = [];
  const suspects = new Map<string, ReadonlySet<bigint>>();
  for (const [name, { ids }] of streams) {
    const report = options.manifest.streams[name];
    if (!ids || !report) continue;
    if (ids.missing > 0) notes.push(`${name}: rows that do not say their id: ${ids.missing}`);
    else if (ids.digest() !== report.idDigest) {
      problems.push(`${name}: its ids are not those that were written`);
    }
    const marks = report.repeats ? new Set<bigint>() : ids.suspects();
    if (marks.size > 0) suspects.set(name, marks);
  }
  return suspects.size === 0
    ? problems
    : [...problems, ...(await findTwice(options, { streams, suspects }))];
}

/** Reads the output once more, for the ids that may be there twice. */
async function findTwice(
  options: VerifyOptions,
  {
    streams,
    suspects,
  }: { streams: Found["streams"]; suspects: ReadonlyMap<string, ReadonlySet<bigint>> },
): Promise<string[]> {
  const counts = new Map<string, Map<string, number>>();
  for await (const { stream = "", json } of pagesOf(options)) {
    const marks = suspects.get(stream);
    if (!marks) continue;
    const seen = counts.get(stream) ?? new Map<string, number>();
    counts.set(stream, seen);
    for (const row of json) {
      const id = streams.get(stream)?.ids?.suspect(row, marks);
      if (id !== undefined) seen.set(id, (seen.get(id) ?? 0) + 1);
    }
  }
  return [...counts].flatMap(([stream, seen]) => {
    const twice = [...seen].filter(([, count]) => count > 1).map(([id]) => id);
    const more = twice.length - namesAtMost;
    const names = twice.slice(0, namesAtMost).join(", ") + (more > 0 ? ` and ${more} more` : "");
    return twice.length === 0 ? [] : [`${stream}: ids that are there more than once: ${names}`];
  });
}
