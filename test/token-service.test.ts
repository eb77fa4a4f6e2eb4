import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serviceAccountProvider } from "@decant/gcp-auth";
import { createTokenService } from "@decant/gcp-auth/service";
import { startGoogle } from "@decant/simulator";
import { Compute, GoogleAuth, gcpMetadata, OAuth2Client } from "google-auth-library";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFolder } from "./support/decant.ts";

// Google's own libraries, unchanged, are the judge of the token service: told of it by the usual
// variable alone, they must find all that they look for on a machine of Google's.

const google = await startGoogle();
const service = await createTokenService({
  accounts: [{ provider: serviceAccountProvider({ key: google.key }) }],
  numericProjectId: "123456789012",
  instance: { id: "4520031799277581759", attributes: { "cluster-name": "demo-cluster" } },
});
const server = createServer(async (request, response) => {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  const url = `http://${request.headers.host}${request.url}`;
  const { method = "GET" } = request;
  const answer = await service(
    new Request(url, { method, headers: headers as [string, string][] }),
  );
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(await answer.text());
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  for (const name of ["GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT"]) {
    delete process.env[name];
  }
  process.env["CLOUDSDK_CONFIG"] = await makeFolder();
  process.env["GCE_METADATA_HOST"] = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.close();
  await google.close();
});

const scopes = ["https://www.googleapis.com/auth/devstorage.read_only"];

test("gcp-metadata finds the service and reads from it", async () => {
  expect(await gcpMetadata.isAvailable()).toBe(true);
  expect(await gcpMetadata.project("project-id")).toBe("demo-project");
  expect(await gcpMetadata.project("numeric-project-id")).toBe(123_456_789_012);
  expect(await gcpMetadata.universe("universe-domain")).toBe("googleapis.com");
  expect(String(await gcpMetadata.instance("id"))).toBe("4520031799277581759");
  expect(await gcpMetadata.instance("attributes/cluster-name")).toBe("demo-cluster");
  expect(await gcpMetadata.instance("service-accounts/default/email")).toBe(
    google.key.client_email,
  );
  expect(
    await gcpMetadata.instance({ property: "service-accounts", params: { recursive: "true" } }),
  ).toMatchObject({ default: { email: google.key.client_email, aliases: ["default"] } });
  await expect(gcpMetadata.instance("nothing")).rejects.toMatchObject({ status: 404 });
});

test("google-auth-library takes the service for its default credentials", async () => {
  const auth = new GoogleAuth({ scopes });
  expect(await auth.getClient()).toBeInstanceOf(Compute);
  expect(await auth.getProjectId()).toBe("demo-project");
  expect(await auth.getUniverseDomain()).toBe("googleapis.com");
  expect((await auth.getCredentials()).client_email).toBe(google.key.client_email);
});

test("google-auth-library gets access tokens for the scopes that it names, one for all clients", async () => {
  const clients = Array.from({ length: 50 }, () => new Compute({ scopes }));
  const tokens = await Promise.all(
    clients.map(async (client) => (await client.getAccessToken()).token),
  );
  const issued = google.issued.filter(({ scope }) => scope === scopes[0]);
  expect(issued).toHaveLength(1);
  expect(new Set(tokens)).toEqual(new Set([issued[0]!.token]));
});

test("google-auth-library gets identity tokens that it accepts itself", async () => {
  const audience = "https://run.example.com/path?a=b";
  const client = await new GoogleAuth().getIdTokenClient(audience);
  const idToken = await client.idTokenProvider.fetchIdToken(audience);
  const endpoints = {
    oauth2FederatedSignonPemCertsUrl: `${google.url}/oauth2/v1/certs`,
    oauth2FederatedSignonJwkCertsUrl: `${google.url}/oauth2/v3/certs`,
  };
  const ticket = await new OAuth2Client({ endpoints }).verifyIdToken({ idToken, audience });
  expect(ticket.getPayload()).toMatchObject({ aud: audience, email: google.key.client_email });
});

test("google-auth-library says why there is no token", async () => {
  google.fail("invalid_grant_key");
  const client = new Compute({ scopes: "https://www.googleapis.com/auth/pubsub" });
  await expect(client.getAccessToken()).rejects.toMatchObject({
    status: 502,
    response: { data: expect.stringContaining("GCP_KEY_REVOKED") },
  });
  google.fail(undefined);
});
