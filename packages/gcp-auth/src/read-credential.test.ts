import { isDecantError } from "@decant/core";
import { startGoogle } from "@decant/simulator";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { credentialsProvider } from "./credentials-provider.ts";

const google = await startGoogle();
afterAll(() => google.close());

const { credentials } = google;
const files: readonly object[] = [
  credentials.serviceAccount,
  credentials.authorizedUser,
  credentials.impersonatedServiceAccount,
  credentials.impersonationChain,
  credentials.externalAccountUrl,
  credentials.externalAccountAws,
  credentials.externalAccountFile("token.txt"),
  credentials.externalAccountExecutable("print-token"),
  credentials.externalAccountAuthorizedUser,
];
const marker = "hunter2-hunter2";

/** Puts a value where a path leads in a copy of an object. */
function change(file: object, path: readonly number[], value: unknown): object {
  const [step = 0, ...rest] = path;
  const keys = Object.keys(file);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return file;
  const inner = (file as Record<string, unknown>)[key];
  const isObject = typeof inner === "object" && inner !== null && rest.length > 0;
  return { ...file, [key]: isObject ? change(inner, rest, value) : value };
}

const strange = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(undefined, null, "", marker, [marker], { [marker]: marker }, Number.NaN),
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  fc.constant(`https://sts.${marker}.example/v1/token?${marker}`),
  fc.constant(`\u001b[31m${marker}\n`),
);

test("readCredential() makes a credential of any file, or says in one clean line why not", async () => {
  const path = fc.array(fc.nat(20), { minLength: 1, maxLength: 3 });
  const changes = fc.array(fc.tuple(path, strange), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...files), changes, async (file, all) => {
      const given = all.reduce<object>((one, [where, value]) => change(one, where, value), file);
      try {
        const provider = await credentialsProvider({ credentials: given });
        const explanation = await provider.explain?.();
        expect(explanation?.endpoints).toBeInstanceOf(Array);
      } catch (error) {
        if (!isDecantError(error)) throw error;
        expect(["credentials", "usage"]).toContain(error.kind);
        expect(error.message).toMatch(/^Cannot [^\p{Cc}]*[^.\p{Cc}]$/u);
        expect(error.hint).toMatch(/\S/);
        expect(error.cause).toBeUndefined();
      }
    }),
    { numRuns: 400 },
  );
});
