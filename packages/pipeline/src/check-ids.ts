import { createIdCheck, type IdCheck } from "./create-id-check.ts";
import { hidesId } from "./hides-id.ts";
import type { Manifest } from "./manifest.ts";
import { nameSome } from "./name-some.ts";
import { readOutput } from "./read-output.ts";
import type { VerifyOptions } from "./verify-export.ts";

/** Makes the check of a stream's ids, if its rows say theirs. */
export function prepareIds(
  name: string,
  { manifest, notes }: { readonly manifest: Manifest; readonly notes: string[] },
): IdCheck | undefined {
  const id = manifest.streams[name]?.id;
  if (!id) return undefined;
  if (!hidesId(id, manifest.job.redact ?? {})) return createIdCheck(id);
  notes.push(`${name}: its ids are not checked: the redaction takes them out`);
  return undefined;
}

/** The checks by stream. */
type Checks = ReadonlyMap<string, IdCheck>;

/** Says what is wrong with the ids of an output that was read. */
export async function judgeIds(
  options: VerifyOptions,
  { checks, notes }: { readonly checks: Checks; readonly notes: string[] },
): Promise<string[]> {
  const problems: string[] = [];
  const suspects = new Map<string, ReadonlySet<bigint>>();
  for (const [name, ids] of checks) {
    const report = options.manifest.streams[name];
    if (!report) continue;
    if (ids.missing > 0) notes.push(`${name}: rows that do not say their id: ${ids.missing}`);
    else if (ids.digest() !== report.idDigest) {
      problems.push(`${name}: its ids are not those that were written`);
    }
    const marks = report.repeats ? new Set<bigint>() : ids.suspects();
    if (marks.size > 0) suspects.set(name, marks);
  }
  return suspects.size === 0
    ? problems
    : [...problems, ...(await findTwice(options, { checks, suspects }))];
}

/** Reads the output once more, for the ids that may be there twice. */
async function findTwice(
  options: VerifyOptions,
  { checks, suspects }: { checks: Checks; suspects: ReadonlyMap<string, ReadonlySet<bigint>> },
): Promise<string[]> {
  const counts = new Map<string, Map<string, number>>();
  for await (const { stream = "", json } of readOutput(options)) {
    const marks = suspects.get(stream);
    if (!marks) continue;
    const seen = counts.get(stream) ?? new Map<string, number>();
    counts.set(stream, seen);
    for (const row of json) {
      const id = checks.get(stream)?.suspect(row, marks);
      if (id !== undefined) seen.set(id, (seen.get(id) ?? 0) + 1);
    }
  }
  return [...counts].flatMap(([stream, seen]) => {
    const twice = [...seen].filter(([, count]) => count > 1).map(([id]) => id);
    if (twice.length === 0) return [];
    return [`${stream}: ids that are there more than once: ${nameSome(twice)}`];
  });
}
