// The page's script and style, as one text each. They are kept as a source, as JSR publishes sources,
// and as tests need no build: a test compares them with what this makes.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

/** The module that holds both. */
export const assetsFile: string = fileURLToPath(new URL("../page-assets.ts", import.meta.url));

/** Bundles `src/page` and the library of its chart to the text of that module. */
export async function bundlePage(): Promise<string> {
  const input = fileURLToPath(new URL("../page/main.ts", import.meta.url));
  const bundle = await rolldown({ input, platform: "browser" });
  const { output } = await bundle.generate({ format: "iife", minify: true, comments: false });
  await bundle.close();
  const sheets = [
    import.meta.resolve("uplot/dist/uPlot.min.css"),
    ...["base", "overview", "rows", "detail", "media"].map(
      (name) => new URL(`../page/style/${name}.css`, import.meta.url),
    ),
  ];
  const styles = await Promise.all(sheets.map((sheet) => readFile(new URL(sheet), "utf8")));
  const script = output[0].code.trim();
  const style = styles.join("").replaceAll(/\s+/g, " ").trim();
  return [
    "// Made of src/page by `pnpm run bundle`; uPlot in it is MIT, (c) Leon Sorokin.",
    "",
    "/** What runs in the page. */",
    `export const script: string = ${literal(script)};`,
    "",
    "/** How the page looks. */",
    `export const style: string = ${literal(style)};`,
    "",
  ].join("\n");
}

function literal(text: string): string {
  // What would end the element that it stands in.
  if (/<\/s|<!--/i.test(text)) throw new Error("The bundle cannot stand in a page");
  return `\`${text.replaceAll(/[\\`]|\$\{/g, "\\$&")}\``;
}
