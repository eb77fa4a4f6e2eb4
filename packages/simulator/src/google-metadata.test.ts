import { afterAll, expect, test } from "vitest";
import { startGoogle } from "./start-google.ts";

const google = await startGoogle();
afterAll(() => google.close());
const base = `${google.url}/computeMetadata/v1`;
const email = google.accounts.machine;

async function get(
  path: string,
  headers: Record<string, string> = { "metadata-flavor": "Google" },
) {
  const response = await fetch(`${base}${path}`, { headers, redirect: "manual" });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    text: await response.text(),
  };
}

test("startGoogle() tells of the machine, as the metadata server does", async () => {
  const { status, headers, text } = await get("/project/project-id");
  expect({ status, text }).toEqual({ status: 200, text: "demo-project" });
  expect(headers).toMatchObject({
    "metadata-flavor": "Google",
    server: "Metadata Server for VM",
    etag: expect.stringMatching(/^[0-9a-f]{16}$/),
    "content-type": "application/text",
  });
  expect((await get("/universe/universe-domain")).text).toBe("googleapis.com");
  expect((await get("/instance/service-accounts/default/email")).text).toBe(email);
  expect((await get("/project/numeric-project-id?alt=json")).text).toBe("123456789012");
  expect((await get("/instance/attributes/cluster-name")).text).toBe("demo-cluster");
});

test("startGoogle() wants the flavor, and no proxy between", async () => {
  expect((await get("/project/project-id", {})).status).toBe(403);
  expect((await get("/project/project-id", { "metadata-flavor": "google" })).status).toBe(404);
  const forwarded = { "metadata-flavor": "Google", "x-forwarded-for": "10.0.0.1" };
  expect((await get("/project/project-id", forwarded)).status).toBe(403);
  const root = await fetch(google.url);
  expect(root.headers.get("metadata-flavor")).toBe("Google");
});

test("startGoogle() lists folders of the metadata server", async () => {
  expect((await get("/project/")).text).toBe("attributes/\nnumeric-project-id\nproject-id\n");
  expect((await get("/instance/service-accounts/")).text).toBe(`${email}/\ndefault/\n`);
  const { status, headers } = await get("/instance?recursive=true");
  expect({ status, location: headers["location"] }).toEqual({
    status: 301,
    location: `${base}/instance/?recursive=true`,
  });
  const account = JSON.parse(
    (await get("/instance/service-accounts/default/?recursive=true")).text,
  );
  expect(account).toEqual({ aliases: ["default"], email, scopes: expect.any(Array) });
  const { text } = await get("/?recursive=true");
  expect(text).toContain('"id":4520031799277581759');
  expect(JSON.parse(text)).toMatchObject({
    instance: { attributes: { "cluster-name": "demo-cluster" }, serviceAccounts: { default: {} } },
    project: { numericProjectId: 123_456_789_012, projectId: "demo-project" },
  });
  const flat = await get("/project/?recursive=true&alt=text");
  expect(flat.text).toBe("numeric-project-id 123456789012\nproject-id demo-project\n");
  expect((await get("/project/project-id/")).status).toBe(404);
  expect((await get("/project/toString")).status).toBe(404);
});

test("startGoogle() gives tokens of the machine's account, for scopes that are named", async () => {
  const { headers, text } = await get(`/instance/service-accounts/${email}/token?scopes=a,b`);
  expect(headers["content-type"]).toBe("application/json");
  expect(JSON.parse(text)).toEqual({
    access_token: google.issued.at(-1)?.token,
    expires_in: 3_600,
    token_type: "Bearer",
  });
  expect(google.issued.at(-1)).toMatchObject({ principal: email, scope: "a b" });
});

test("startGoogle() gives a machine without the scope for all only its own scopes", async () => {
  await using other = await startGoogle({ machine: { scopes: ["a"] } });
  const token = `${other.url}/computeMetadata/v1/instance/service-accounts/default/token?scopes=a,b`;
  await fetch(token, { headers: { "metadata-flavor": "Google" } });
  expect(other.issued.at(-1)?.scope).toBe("a");
});

test("startGoogle() gives identity tokens of the machine's account", async () => {
  const path = "/instance/service-accounts/default/identity";
  expect(await get(path)).toMatchObject({
    status: 400,
    text: "non-empty audience parameter required",
  });
  const claims = async (query: string) =>
    JSON.parse(
      Buffer.from((await get(`${path}?${query}`)).text.split(".")[1]!, "base64url").toString(),
    );
  const audience = "https://run.example.com";
  const standard = await claims(`audience=${audience}`);
  expect(standard).toMatchObject({ aud: audience, iss: "https://accounts.google.com" });
  expect(standard).not.toHaveProperty("email");
  const full = await claims(`audience=${audience}&format=full&licenses=TRUE`);
  expect(full).toMatchObject({
    email,
    google: { compute_engine: { project_id: "demo-project", license_id: expect.any(Array) } },
  });
});

test("startGoogle() is a machine without an account, if asked", async () => {
  await using other = await startGoogle({ machine: { serviceAccount: false } });
  const url = `${other.url}/computeMetadata/v1/instance/service-accounts/default/token`;
  expect((await fetch(url, { headers: { "metadata-flavor": "Google" } })).status).toBe(404);
});

test("startGoogle() answers those who wait for a change", async () => {
  const { headers } = await get("/project/project-id");
  const stale = await get("/project/project-id?wait_for_change=true&last_etag=0&timeout_sec=60");
  expect(stale.headers["etag"]).toBe(headers["etag"]);
});
