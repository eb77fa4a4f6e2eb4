import { judgeIds, prepareIds } from "./check-ids.ts";
import type { IdCheck } from "./create-id-check.ts";
import { addHashes, formatDigest } from "./digest.ts";
import { readOutput } from "./read-output.ts";
import type { Reading, Verification, VerifyOptions } from "./verify-export.ts";

interface Sum {
  rows: number;
  bytes: number;
  digest: bigint;
}

/**
 * Reads an output back and compares it with its manifest.
 *
 * @param checks Whether to look at ids, too.
 */
export async function checkOutput(
  options: VerifyOptions,
  { ids }: { readonly ids: boolean },
): Promise<Verification> {
  const { manifest } = options;
  const notes: string[] = [];
  const total = createSum();
  const sums = new Map(Object.keys(manifest.streams).map((name) => [name, createSum()]));
  const checks = new Map<string, IdCheck>();
  for (const name of ids ? sums.keys() : []) {
    const check = prepareIds(name, { manifest, notes });
    if (check) checks.set(name, check);
  }
  let apart = true;
  for await (const { stream = "", json } of readOutput(options)) {
    const sum = sums.get(stream);
    apart &&= sum !== undefined;
    addTo(total, json);
    if (sum) addTo(sum, json);
    const check = checks.get(stream);
    if (check) for (const row of json) check.add(row);
  }
  // Where the sink does not tell streams apart, nothing can be said of one of them.
  const streams = Object.fromEntries(
    apart ? [...sums].map(([name, sum]) => [name, readingOf(sum)]) : [],
  );
  const problems =
    apart && sums.size > 1
      ? Object.entries(streams).flatMap(([name, reading]) =>
          compare(reading, manifest.streams[name], `${name}: `),
        )
      : compare(readingOf(total), manifest, "");
  if (apart) problems.push(...(await judgeIds(options, { checks, notes })));
  return { ok: problems.length === 0, ...readingOf(total), streams, problems, notes };
}

function createSum(): Sum {
  return { rows: 0, bytes: 0, digest: 0n };
}

function addTo(sum: Sum, json: readonly Uint8Array[]): void {
  sum.rows += json.length;
  for (const row of json) sum.bytes += row.byteLength;
  sum.digest = addHashes(sum.digest, json);
}

function readingOf(sum: Sum): Reading {
  return { ...sum, digest: formatDigest(sum.digest) };
}

function compare(found: Reading, wanted: Reading | undefined, prefix: string): string[] {
  if (!wanted) return [];
  const { rows, bytes, digest } = found;
  return [
    ...(rows === wanted.rows ? [] : [`${prefix}it holds ${rows} rows instead of ${wanted.rows}`]),
    ...(bytes === wanted.bytes
      ? []
      : [`${prefix}its rows have ${bytes} bytes instead of ${wanted.bytes}`]),
    ...(digest === wanted.digest ? [] : [`${prefix}its rows are not those that were written`]),
  ];
}
