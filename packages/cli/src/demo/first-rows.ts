import type { ChosenSink } from "../export/open-sink.ts";

/** Reads the first rows of an output back, as text. */
export async function firstRows(
  { plugin, options }: ChosenSink,
  { destination, count }: { readonly destination: string; readonly count: number },
): Promise<readonly string[]> {
  const decoder = new TextDecoder();
  const rows: string[] = [];
  for await (const { json } of plugin.read?.({ destination, options }) ?? []) {
    for (const row of json) {
      rows.push(decoder.decode(row));
      if (rows.length === count) return rows;
    }
  }
  return rows;
}
