import { createHash, createHmac } from "node:crypto";
import { expect, test } from "vitest";
import type { GoogleSimulator } from "./google-simulator.ts";
import { startGoogle } from "./start-google.ts";

const now = Date.parse("2026-01-01T00:00:00Z");
const google = await startGoogle({ now: () => now });
const { audience, token_url, credential_source } = google.credentials.externalAccountAws;

interface Keys {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly Token: string;
}

async function readKeys(server: GoogleSimulator, headers: Record<string, string>): Promise<Keys> {
  const base = `${server.url}/latest/meta-data/iam/security-credentials`;
  const role = await (await fetch(base, { headers })).text();
  return (await fetch(`${base}/${role}`, { headers })).json();
}

async function session(seconds = "300"): Promise<Response> {
  return fetch(String(credential_source["imdsv2_session_token_url"]), {
    method: "PUT",
    headers: { "x-aws-ec2-metadata-token-ttl-seconds": seconds },
  });
}

const keys = await readKeys(google, { "x-aws-ec2-metadata-token": await (await session()).text() });

/** A signer of its own, by AWS's description: nothing is shared with what verifies. */
function sign(change: Record<string, string> = {}, secret = keys.SecretAccessKey): string {
  const date = change["x-amz-date"] ?? "20260101T000000Z";
  const region = change["region"] ?? "eu-central-1";
  const url = `https://sts.${region}.amazonaws.com/?Action=${change["action"] ?? "GetCallerIdentity"}&Version=2011-06-15`;
  const headers: Record<string, string> = {
    host: new URL(url).host,
    "x-amz-date": date,
    "x-amz-security-token": change["token"] ?? keys.Token,
    "x-goog-cloud-target-resource": change["target"] ?? audience,
  };
  const unsigned = change["unsigned"];
  const names = Object.keys(headers).filter((name) => name !== unsigned);
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join("");
  const canonical = `POST\n/\n${new URL(url).search.slice(1)}\n${lines}\n${names.join(";")}\n${hash("")}`;
  const scope = `${date.slice(0, 8)}/eu-central-1/sts/aws4_request`;
  let key: Buffer = Buffer.from(`AWS4${secret}`);
  for (const part of scope.split("/")) key = createHmac("sha256", key).update(part).digest();
  const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash(canonical)}`;
  const signature = createHmac("sha256", key).update(text).digest("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${change["id"] ?? keys.AccessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  const all = Object.entries({ ...headers, authorization });
  return encodeURIComponent(
    JSON.stringify({
      url,
      method: "POST",
      headers: all.map(([key, value]) => ({ key, value })),
    }),
  );
}

async function exchange(subject_token: string) {
  const body = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    audience,
    scope: "https://www.googleapis.com/auth/cloud-platform",
    requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
    subject_token_type: "urn:ietf:params:aws:token-type:aws4_request",
    subject_token,
  });
  const response = await fetch(token_url, { method: "POST", body });
  return { status: response.status, body: await response.json() };
}

test("startGoogle() has AWS's metadata server, whose keys sign what it accepts", async () => {
  expect(keys).toMatchObject({ Code: "Success", AccessKeyId: expect.stringMatching(/^ASIA/) });
  const headers = { "x-aws-ec2-metadata-token": await (await session()).text() };
  const zone = await fetch(String(credential_source["region_url"]), { headers });
  expect(await zone.text()).toBe("eu-central-1a");
  expect((await exchange(sign())).status).toBe(200);
  const unsigned = sign({ unsigned: "x-goog-cloud-target-resource" });
  expect((await exchange(unsigned)).status).toBe(200);
  expect(google.issued.at(-1)?.principal).toContain(
    "/subject/arn:aws:sts::123456789012:assumed-role/",
  );
});

test("startGoogle() wants a session at AWS's metadata server, unless told to be an old one", async () => {
  const zone = String(credential_source["region_url"]);
  expect((await fetch(zone)).status).toBe(401);
  expect((await fetch(zone, { headers: { "x-aws-ec2-metadata-token": "x" } })).status).toBe(401);
  expect((await session("0")).status).toBe(400);
  await using old = await startGoogle({ imds: 1 });
  expect(await readKeys(old, {})).toMatchObject({ Code: "Success" });
  expect((await fetch(`${old.url}/latest/meta-data/else`)).status).toBe(404);
});

test.each([
  ["another secret", sign({}, "x"), "SignatureDoesNotMatch"],
  ["another key", sign({ id: "ASIAX" }), "InvalidClientTokenId"],
  ["another session token", sign({ token: "x" }), "InvalidClientTokenId"],
  ["an old date", sign({ "x-amz-date": "20251231T230000Z" }), "Signature expired"],
  ["another region", sign({ region: "us-east-1" }), "SignatureDoesNotMatch"],
  ["another action", sign({ action: "AssumeRole" }), "GetCallerIdentity"],
  ["another audience", sign({ target: "//iam.googleapis.com/else" }), "audience"],
  ["a date that is not signed", sign({ unsigned: "x-amz-date" }), "'x-amz-date' must be"],
  ["no request", "%7B", "Invalid format of AWS credentials"],
])("startGoogle() refuses a request to AWS with %s", async (_name, token, text) => {
  expect(await exchange(token)).toMatchObject({
    status: 400,
    body: { error: "invalid_grant", error_description: expect.stringContaining(text) },
  });
});
