import { once } from "node:events";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { type SentrySimulator, startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { decantOk, makeFolder, startDecant } from "./support/decant.ts";
import { fingerprintFile, fingerprintServed } from "./support/rows.ts";

/** Small numbers that differ from run to run are all that is needed here. */
function below(limit: number): number {
  return Math.floor(Math.random() * limit);
}

/** Resolves at some instant of a run: after so many more requests, or in the start of it. */
async function someInstant(sentry: SentrySimulator): Promise<void> {
  const requests = sentry.log.length + below(40);
  while (sentry.log.length < requests) await new Promise((resolve) => setImmediate(resolve));
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

test.each([
  ["events.ndjson", 100],
  ["events.json.gz", 30],
] as const)(
  "%s is exact after %i kills at random instants",
  async (name, kills) => {
    await using sentry = await startSentry({
      projects: [{ slug: "web", issues: [{ events: 8_000 }] }],
      eventBytes: 30_000,
      rateLimits: { default: { limit: 2_000, windowSeconds: 1, concurrent: 25 } },
    });
    const issue = sentry.issues[0]!;
    const cwd = await makeFolder();
    const env = {
      SENTRY_URL: sentry.url,
      SENTRY_ORG: sentry.org,
      SENTRY_AUTH_TOKEN: sentry.token,
    };
    const state = `${name}.decant`;
    const sink = name.includes(".json.") ? "json" : "ndjson";
    const begin = ["export", "sentry", issue.id, "--sink", sink, "-o", name, "-q"];
    for (let killed = 0; killed < kills; killed += 1) {
      const args = (await exists(join(cwd, state))) ? ["resume", state, "-q"] : begin;
      const { child, ended } = startDecant(args, { cwd, env });
      await Promise.race([someInstant(sentry), ended]);
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      const { signal, code, stderr } = await ended;
      expect({ signal, stderr: code === null ? "" : stderr }).toEqual({
        signal: "SIGKILL",
        stderr: "",
      });
    }
    await decantOk(["resume", state, "-q"], { cwd, env });
    await decantOk(["verify", state], { cwd, env });
    expect(await fingerprintFile(join(cwd, name))).toEqual(
      fingerprintServed(sentry.events(issue.id)),
    );
  },
  400_000,
);
