import { writeFile } from "node:fs/promises";
import { assetsFile, bundlePage } from "./bundle-page.ts";

await writeFile(assetsFile, await bundlePage());
