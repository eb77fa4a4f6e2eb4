import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SentryOptions } from "@decant/simulator";
import { makeFolder, program } from "../support/decant.ts";
import { serve } from "../support/serve.ts";
import { findPython, isInstalled } from "./machine.ts";
import type { Command } from "./measure.ts";

/** What is served. */
export interface PagesOptions extends Omit<SentryOptions, "now" | "projects"> {
  readonly events: number;
  /** Events in a page. */
  readonly clamp: number;
}

/** The events of one issue on a server of their own, and commands that download all of them. */
export interface Pages extends AsyncDisposable {
  /** How many requests it takes. */
  readonly requests: number;
  readonly cwd: string;
  /** One process that asks for each page by its address, over one connection unless told otherwise. */
  curl(...args: readonly string[]): Promise<Command>;
  /** The same, through gzip into one file. */
  curlToGzip(): Promise<Command>;
  /** The script that people write: one page after another, each by the address in the last one. */
  readonly sequential: Command;
  /** decant, into a file of this name. */
  decant(output: string, ...args: readonly string[]): Command;
  sizeOf(output: string): Promise<number>;
}

/** What the sequential script is. */
export const sequentialName = findPython()
  ? "sequential.py: requests.get() of one page after another, as people write it"
  : "sequential.ts: a loop of fetch() over one page after another (no python3 with requests)";

/** Quiet, but for what goes wrong. */
const fails = ["-sS", "-f"];

/** Serves events. */
export async function servePages({ events, ...options }: PagesOptions): Promise<Pages> {
  if (!isInstalled("curl")) throw new Error("curl is what decant is compared with: install it");
  const projects = [{ slug: "web", issues: [{ events }] }];
  const servers = await serve({ projects, limits: false, ...options });
  const { url, org, token, issues } = servers.sentry;
  const issue = issues[0]!.id;
  const cwd = await makeFolder();
  const env = { SENTRY_URL: url, SENTRY_ORG: org, SENTRY_AUTH_TOKEN: token, HOME: cwd };
  const list = `${url}/api/0/organizations/${org}/issues/${issue}/events/?full=true`;
  const requests = Math.ceil(events / options.clamp);
  const addresses = Array.from(
    { length: requests },
    (_, page) => `url = "${list}&cursor=0:${page * options.clamp}:0"`,
  );
  const header = `header = "Authorization: Bearer ${token}"`;
  return {
    requests,
    cwd,
    async curl(...args) {
      const config = join(cwd, "curl.config");
      // Several files, for when several pages come at once.
      const output = (page: number) => `output = "${join(cwd, `page-${page % 64}.json`)}"`;
      const lines = addresses.map((line, page) => `${line}\n${output(page)}`);
      await writeFile(config, [header, ...lines].join("\n"));
      return { command: "curl", args: [...fails, ...args, "-K", config], cwd };
    },
    async curlToGzip() {
      const config = join(cwd, "curl-gzip.config");
      await writeFile(config, [header, ...addresses].join("\n"));
      const script = `curl ${fails.join(" ")} -K "$0" | gzip > curl.json.gz`;
      return { command: "sh", args: ["-c", script, config], cwd };
    },
    sequential: { ...findScript(list), cwd, env },
    decant: (output, ...args) => ({
      command: process.execPath,
      args: [program, "export", "sentry", issue, "--force", "-q", "-o", output, ...args],
      cwd,
      env,
    }),
    sizeOf: async (output) => (await stat(join(cwd, output))).size,
    [Symbol.asyncDispose]: () => servers[Symbol.asyncDispose](),
  };
}

function findScript(list: string): Command {
  const python = findPython();
  const script = python ? "sequential.py" : "sequential.ts";
  const path = fileURLToPath(new URL(script, import.meta.url));
  return { command: python?.path ?? process.execPath, args: [path, list, "sequential.json"] };
}
