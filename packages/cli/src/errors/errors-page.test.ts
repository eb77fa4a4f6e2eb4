import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ErrorKind } from "@decant/core";
import { expect, test } from "vitest";
import { exitCode, exitCodes } from "./exit-code.ts";

// docs/errors.md is held true by the sources of all packages and plugins, both ways.
const root = fileURLToPath(new URL("../../../..", import.meta.url));
const page = readFileSync(`${root}/docs/errors.md`, "utf8");

/** Upper case in quotes that is no code of an error: variables, codes of the system, and words of an API. */
const others = new RegExp(
  `^(${[
    "DECANT_.*|XDG_.*|ERR_.*|AWS_.*|CLOUDSDK_.*|GCE_.*|GOOGLE_.*|KUBERNETES_EXEC_INFO|FUNCTION_.*|IAM_.*|(NO|FORCE)_COLOR|(HTTPS?|NO)_PROXY",
    "SENTRY_(AUTH_TOKEN|TOKEN|URL|HOST|ORG|PROJECT|ENVIRONMENT|PROPERTIES|CUSTOM_HEADERS|HTTP_MAX_RETRIES)",
    "CUSTOM_HEADER|CLOUD_RUN_JOB|K_SERVICE|METADATA_SERVER_DETECTION|NO_GCE_CHECK|DETECT_GCP_RETRIES",
    "HIGHEST_ACCURACY|SERVICE_DISABLED|USER_PROJECT_DENIED",
    "INVOCATION_ID|JOURNAL_STREAM|SYSTEMD_EXEC_PID",
    // Of hello, which is there to be copied, and of formats and APIs that plugins write and call.
    "CI_TOKEN|ENV_.*|BYTE_ARRAY|TIMESTAMP_MICROS|WHEN_REQUIRED",
  ].join("|")})$`,
);

interface Entry {
  readonly code: string;
  readonly kind: string;
  readonly exit: number;
}

function listed(): Entry[] {
  return [...page.matchAll(/^\| `([A-Z_0-9]+)` +\| ([a-z, ]+?) +\| (\d) +\|/gm)].map(
    ([, code, kind, exit]) => ({ code: code!, kind: kind!, exit: Number(exit) }),
  );
}

function thrown(): string[] {
  const files = globSync("{packages,plugins}/*/src/**/*.ts", { cwd: root }).filter(
    (file) => !/\.test\.ts$|\/(testing|conformance|simulator)\//.test(file),
  );
  const codes = files.flatMap((file) => {
    const code = readFileSync(`${root}/${file}`, "utf8").replace(/^\s*(\/\/|\/?\*).*$/gm, "");
    return [...code.matchAll(/"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"/g)].map(([, text]) => text!);
  });
  return [...new Set(codes)].filter((code) => !others.test(code)).sort();
}

test("docs/errors.md lists each code of an error once, and no other", () => {
  expect(
    listed()
      .map(({ code }) => code)
      .sort(),
  ).toEqual(thrown());
});

test("docs/errors.md gives each kind the exit code that the program does", () => {
  for (const { code, kind, exit } of listed()) {
    if (code === "OUTPUT_CLOSED") continue; // describeError() makes it 0.
    const [name, retryable] = kind.split(", ");
    if (name === "bug") {
      expect({ code, exit }).toEqual({ code, exit: exitCodes.bug });
      continue;
    }
    const given = { kind: name as ErrorKind, retryable: retryable === "retryable" };
    expect({ code, exit: exitCode(given) }).toEqual({ code, exit });
  }
});

test("docs/errors.md explains each exit code", () => {
  const explained = [...page.matchAll(/^\| (\d+)(?:, (\d+))? +\|/gm)].flatMap(([, a, b]) =>
    b === undefined ? [Number(a)] : [Number(a), Number(b)],
  );
  expect(explained).toEqual([0, ...Object.values(exitCodes), 130, 143]);
});
