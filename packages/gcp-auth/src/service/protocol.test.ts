import type { TokenProvider } from "@decant/core";
import { expect, test } from "vitest";
import { createTokenService } from "./create-token-service.ts";

// The metadata server's protocol, request by request, as the libraries that Google gives make them.

const email = "reader@demo-project.iam.gserviceaccount.com";
const readOnly = "https://www.googleapis.com/auth/devstorage.read_only";
const bigquery = "https://www.googleapis.com/auth/bigquery";
const asked: (readonly string[] | undefined)[] = [];
const provider: TokenProvider = {
  name: "fake",
  async getToken({ scopes }) {
    asked.push(scopes);
    return { value: "token", type: "Bearer", expiresAt: new Date(3_600_000) };
  },
  getIdToken: async ({ audience, format, licenses }) => ({
    value: `${audience} ${format} ${licenses}`,
    type: "Bearer",
    expiresAt: new Date(3_600_000),
  }),
};
const service = await createTokenService({
  accounts: [
    { provider, email, scopes: [readOnly] },
    { provider, email: "other@example.com", scopes: [bigquery] },
  ],
  projectId: "demo-project",
  numericProjectId: "123456789012",
  instance: { id: "42", attributes: { "cluster-name": "demo", "cluster-location": "local" } },
  now: () => 0,
  // The second that a request below waits is over at once, and nothing else is.
  sleep: (ms) => (ms === 1_000 ? Promise.resolve() : new Promise(() => {})),
});

async function get(path: string, init: RequestInit = {}) {
  const headers = { "metadata-flavor": "Google" };
  const request = new Request(`http://metadata.google.internal${path}`, { headers, ...init });
  const response = await service(request);
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    text: await response.text(),
    headers: response.headers,
  };
}

const v1 = "/computeMetadata/v1";
const accounts = `${v1}/instance/service-accounts`;
const token = '{"access_token":"token","expires_in":3600,"token_type":"Bearer"}';
const account = (address: string, names: string[], scope: string) =>
  JSON.stringify({ aliases: names, email: address, scopes: [scope] });
const reader = account(email, ["default"], readOnly);
const other = account("other@example.com", [], bigquery);

test.each([
  // What is asked to learn whether there is a metadata server.
  ["/", "computeMetadata/\n"],
  [`${v1}/`, "instance/\nproject/\nuniverse/\n"],
  [`${v1}/instance/?alt=json`, expect.stringContaining('"service-accounts/"')],
  [`${v1}/project/numeric-project-id`, "123456789012"],
  // Python: the account as a whole, then a token.
  [`${accounts}/default/?recursive=true`, reader],
  [`${accounts}/${email}/?recursive=true`, reader],
  [`${accounts}/other%40example.com/?recursive=true`, other],
  // gcloud: all accounts, by lines and by JSON.
  [`${accounts}/`, `${email}/\ndefault/\nother@example.com/\n`],
  [
    `${accounts}/?recursive=true`,
    `{"${email}":${reader},"default":${reader},"other@example.com":${other}}`,
  ],
  [`${accounts}/default/email`, email],
  [`${accounts}/default/scopes`, `${readOnly}\n`],
  [`${accounts}/default/aliases`, "default\n"],
  [`${accounts}/other@example.com/aliases`, ""],
  [`${accounts}/default/email?alt=json`, `"${email}"`],
  [`${accounts}/default/scopes?alt=json`, `["${readOnly}"]`],
  [
    `${accounts}/default/?recursive=true&alt=text`,
    `aliases default\nemail ${email}\nscopes ${readOnly}\n`,
  ],
  [`${accounts}/default/token`, token],
  [`${accounts}/default/token?alt=json`, token],
  [
    `${accounts}/default/token?alt=text`,
    "access_token token\nexpires_in 3600\ntoken_type Bearer\n",
  ],
  [`${accounts}/default/identity?audience=a`, "a standard false"],
  [`${accounts}/default/identity?audience=a&format=full&licenses=TRUE`, "a full true"],
  [`${accounts}/other@example.com/identity?audience=a%26b%3Fc`, "a&b?c standard false"],
  [`${v1}/project/project-id`, "demo-project"],
  [`${v1}/universe/universe-domain`, "googleapis.com"],
  // Logging and tracing.
  [`${v1}/instance/attributes/`, "cluster-name\ncluster-location\n"],
  [`${v1}/instance/attributes/cluster-name`, "demo"],
  [
    `${v1}/instance/attributes/?recursive=true`,
    '{"cluster-name":"demo","cluster-location":"local"}',
  ],
  [`${v1}/instance/id`, "42"],
  [`${v1}/instance/id?alt=json`, "42"],
  [`${v1}/instance/zone`, "projects/123456789012/zones/local-a"],
  [`${v1}/instance/tags`, "[]"],
  // .NET and guest agents: everything at once, with or without a wait.
  [
    `${v1}/project/?recursive=true`,
    '{"attributes":{},"numericProjectId":123456789012,"projectId":"demo-project"}',
  ],
  [`${v1}/universe/?recursive=TRUE`, '{"universeDomain":"googleapis.com"}'],
  [`${v1}/?recursive=true&alt=json`, expect.stringContaining(`"default":${reader}`)],
  [`${v1}/instance/?recursive=true`, expect.stringMatching(/^\{"attributes":\{"cluster-name"/)],
  ["/computeMetadata/?recursive=true", expect.stringMatching(/^\{"v1":\{"instance":/)],
  [`${v1}/instance/id?wait_for_change=true&timeout_sec=1`, "42"],
  [`${v1}/instance/id?wait_for_change=true&last_etag=0`, "42"],
])("%s gives what the metadata server gives", async (path, expected) => {
  const { status, text, headers, type } = await get(path);
  expect({ status, text }).toEqual({ status: 200, text: expected });
  const json = /alt=json|recursive|\/token$|tags$/.test(path) && !path.includes("alt=text");
  const standard = path.includes("/identity") ? "text/html" : "application/text";
  // The root tells names only, however it is asked.
  expect(type).toBe(json ? "application/json" : standard);
  expect(headers.get("metadata-flavor")).toBe("Google");
  expect(headers.get("server")).toBe("Metadata Server for VM");
  expect(headers.get("etag")).toMatch(/^[0-9a-f]{16}$/);
  const head = await get(path, { method: "HEAD" });
  expect({ status: head.status, text: head.text }).toEqual({ status: 200, text: "" });
  expect(head.headers.get("etag")).toBe(headers.get("etag"));
});

test.each([
  [`scopes=${readOnly},${bigquery}`],
  [`scopes=${readOnly}&scopes=${bigquery}`],
  [`scopes=${encodeURIComponent(`${readOnly} ${bigquery}`)}`],
  [`scopes=${readOnly}+${bigquery}`],
  [`scopes=${encodeURIComponent(`${bigquery},${readOnly}`)}`],
  [`scopes=bigquery,,devstorage.read_only,`],
])("the token of ?%s has both scopes, and is the same one", async (query) => {
  asked.length = 0;
  const { status, text } = await get(`${accounts}/default/token?${query}&alt=json`);
  expect({ status, text }).toEqual({ status: 200, text: token });
  for (const scopes of asked) expect(scopes?.toSorted()).toEqual([bigquery, readOnly]);
  expect(asked.length).toBeLessThanOrEqual(1);
});

test.each([
  [301, v1, `${v1}/`],
  [301, `${v1}/instance`, `${v1}/instance/`],
  [301, `${accounts}/default?recursive=true`, `${accounts}/default/?recursive=true`],
  [301, `${accounts}/${email}?alt=json&x=a%20b`, `${accounts}/${email}/?alt=json&x=a%20b`],
])("%i for the folder %s without its slash", async (expected, path, location) => {
  const { status, headers, text } = await get(path);
  expect({ status, location: headers.get("location"), text }).toEqual({
    ...{ status: expected, location, text: "" },
  });
});

test.each([
  [404, `${accounts}/nobody@example.com/token`, {}],
  [404, `${accounts}/default/token/`, {}],
  [404, `${v1}/instance/attributes/nothing`, {}],
  [404, `${v1}beta1/instance/`, {}],
  [404, `${v1}/instance/id`, { headers: { "metadata-flavor": "Amazon" } }],
  [403, `${v1}/instance/id`, { headers: {} }],
  [403, `${v1}/`, { headers: { "x-google-metadata-request": "True" } }],
  [400, `${accounts}/default/identity`, {}],
  [400, `${accounts}/default/identity?audience=a&format=json`, {}],
  [400, `${accounts}/default/token?alt=xml`, {}],
  [400, `${accounts}/default/token?scopes=a%22b`, {}],
  [405, `${accounts}/default/token`, { method: "POST", body: "scopes=a" }],
  [405, "/", { method: "PUT" }],
])("%i for %s %j, in the form of OAuth's errors", async (expected, path, init) => {
  const { status, text, headers } = await get(path, init as RequestInit);
  expect(status).toBe(expected);
  expect(JSON.parse(text)).toEqual({
    error: expect.any(String),
    error_description: expect.stringMatching(/\w\.$/),
  });
  expect(headers.get("metadata-flavor")).toBe("Google");
});
