import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startGoogle } from "@decant/simulator";
import { JWT } from "google-auth-library";
import { expect, test } from "vitest";
import { decantOk, makeFolder } from "./support/decant.ts";

const scope = "https://www.googleapis.com/auth/cloud-platform";

function decode(assertion: string): { header: object; claims: Record<string, unknown> } {
  const [header = "", claims = ""] = assertion.split(".");
  const parse = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString());
  return { header: parse(header), claims: parse(claims) };
}

/** What google-auth-library would send. It takes no notice of the key's own token_uri. */
async function assertionOfLibrary(key: {
  client_email: string;
  private_key: string;
  private_key_id: string;
}): Promise<string> {
  let assertion = "";
  const client = new JWT({
    email: key.client_email,
    key: key.private_key,
    keyId: key.private_key_id,
    scopes: [scope],
    subject: "someone@example.com",
  });
  client.transporter.defaults.adapter = async (options) => {
    assertion = new URLSearchParams(String(options.data)).get("assertion") ?? "";
    throw new Error("caught");
  };
  await client.authorize().catch(() => {});
  return assertion;
}

test("the assertion has the header and claims that google-auth-library signs, but for aud and times", async () => {
  await using google = await startGoogle();
  const cwd = await makeFolder();
  await writeFile(join(cwd, "key.json"), JSON.stringify(google.key));
  const { stdout } = await decantOk(
    [
      "auth",
      "gcp",
      "print-token",
      "--key-file",
      "key.json",
      "--scopes",
      "cloud-platform",
      "--subject",
      "someone@example.com",
    ],
    { cwd },
  );
  const issued = google.issued.at(-1)!;
  expect(stdout.toString()).toBe(`${issued.token}\n`);
  const theirs = decode(await assertionOfLibrary(google.key));
  const { aud: _aud, iat, exp, ...claims } = issued.claims as Record<string, unknown>;
  const { aud: _theirAud, iat: theirIat, exp: theirExp, ...theirClaims } = theirs.claims;
  expect(claims).toEqual(theirClaims);
  expect(issued.header).toEqual(theirs.header);
  expect(Number(exp) - Number(iat)).toBe(Number(theirExp) - Number(theirIat));
});
