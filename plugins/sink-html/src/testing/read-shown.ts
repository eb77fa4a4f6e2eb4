import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Report } from "../report.ts";

/** A row that a page shows in full. */
interface Shown {
  readonly stream: string;
  readonly id: string;
  readonly json: Uint8Array;
}

const encoder = new TextEncoder();

/** Reads the rows that a page shows in full, or those of all pages of a folder. */
export async function readShown(path: string): Promise<Shown[]> {
  if ((await stat(path)).isDirectory()) {
    const pages = (await readdir(path)).filter((name) => name.endsWith(".html")).sort();
    return (await Promise.all(pages.map((name) => readShown(join(path, name))))).flat();
  }
  const html = await readFile(path, "utf8");
  const { streams } = readBlock(html, "report") as Report;
  return streams.flatMap(({ name }, index) => {
    const rows = readBlock(html, `rows-${index}`) as [string, string][];
    return rows.map(([id, json]) => ({ stream: name, id, json: encoder.encode(json) }));
  });
}

/** Reads the summary of a page. */
export async function readReport(path: string): Promise<Report> {
  return readBlock(await readFile(path, "utf8"), "report") as Report;
}

function readBlock(html: string, id: string): unknown {
  const start = `<script type="application/json" id="${id}">`;
  const from = html.indexOf(start) + start.length;
  return JSON.parse(html.slice(from, html.indexOf("</script>", from)));
}
