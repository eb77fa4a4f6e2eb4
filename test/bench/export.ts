// How much decant adds to the plain download of the same pages.
import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeFolder, program } from "../support/decant.ts";
import { serve } from "../support/serve.ts";
import { type Contender, measure } from "./measure.ts";

const events = 20_000;
const eventBytes = 8_000;
const pageSize = 10;

await using servers = await serve({
  projects: [{ slug: "web", issues: [{ events }] }],
  eventBytes,
  limits: false,
});
const { url, org, token, issues } = servers.sentry;
const issue = issues[0]?.id ?? "";
const cwd = await makeFolder();
const env = { SENTRY_URL: url, SENTRY_ORG: org, SENTRY_AUTH_TOKEN: token, HOME: cwd };
const naive = fileURLToPath(new URL("naive-export.ts", import.meta.url));

const contenders: Contender[] = [
  ...(await curl()),
  {
    name: "naive loop over rel=next",
    command: process.execPath,
    args: [naive, issue, "naive.json"],
    cwd,
    env,
  },
  {
    name: "decant export sentry",
    command: process.execPath,
    args: [program, "export", "sentry", issue, "--force", "-q", "-o", "decant.ndjson"],
    cwd,
    env,
  },
  {
    name: "decant export sentry --concurrency 1",
    command: process.execPath,
    args: [
      program,
      "export",
      "sentry",
      issue,
      "--force",
      "-q",
      "-o",
      "one.ndjson",
      "--concurrency",
      "1",
    ],
    cwd,
    env,
  },
];
await measure(`export of ${events} events of ${eventBytes / 1000} KB`, contenders, { rounds: 3 });

/** The floor: one curl process, one connection, one page after another. */
async function curl(): Promise<Contender[]> {
  if (spawnSync("curl", ["--version"]).status !== 0) {
    console.log("curl is not installed: it is left out");
    return [];
  }
  const config = [`header = "Authorization: Bearer ${token}"`];
  for (let offset = 0; offset < events; offset += pageSize) {
    const page = `${url}/api/0/organizations/${org}/issues/${issue}/events/?full=true&cursor=0:${offset}:0`;
    config.push(`url = "${page}"`, `output = "${join(cwd, "page.json")}"`);
  }
  const path = join(cwd, "curl.config");
  await writeFile(path, config.join("\n"));
  return [{ name: "curl of the same pages", command: "curl", args: ["-s", "-f", "-K", path], cwd }];
}
