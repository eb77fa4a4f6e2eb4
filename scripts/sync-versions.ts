// Why: a version stands in package.json, which changesets raises, and in deno.json, which JSR
// reads. Run in the version step, it writes the first into the second.

import { readFileSync, writeFileSync } from "node:fs";
import { readPackages } from "./lib/packages.ts";

for (const { folder, manifest, deno } of readPackages()) {
  if (deno && deno.version !== manifest.version) {
    const file = `${folder}/deno.json`;
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(/"version": "[^"]*"/, `"version": "${manifest.version}"`));
  }
}
