import fc from "fast-check";
import { expect, test } from "vitest";
import { parseIni } from "./parse-ini.ts";

test("parseIni() reads what gcloud writes", () => {
  const text = `# comment
[core]
account = jo@acme.example
project=acme-prod\r
; another
[api_endpoint_overrides]
iam : https://a.example/?x=1
nonsense
`;
  expect({ ...parseIni(text) }).toEqual({
    "core.account": "jo@acme.example",
    "core.project": "acme-prod",
    "api_endpoint_overrides.iam": "https://a.example/?x=1",
  });
});

test("parseIni() reads any text, and finds nothing that is not there", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const settings = parseIni(text);
      expect(settings["constructor"]).toBeUndefined();
      for (const value of Object.values(settings)) expect(value).toBe(value.trim());
    }),
  );
});
