import fc from "fast-check";
import { expect, test } from "vitest";
import { checkGoogleEndpoint } from "./check-endpoint.ts";

const place = { source: "a.json", field: "token_url", universe: "googleapis.com" } as const;
const sts = (address: string) => checkGoogleEndpoint(address, { ...place, service: "sts" });

test("checkGoogleEndpoint() takes each shape of host that Google has", () => {
  const hosts = [
    ...["sts.googleapis.com", "sts.mtls.googleapis.com", "us-east1-sts.googleapis.com"],
    ...["us-east1.sts.googleapis.com", "sts.us-east1.googleapis.com", "sts-xyz.p.googleapis.com"],
    ...["sts.us-east1.rep.googleapis.com", "STS.GoogleAPIs.com"],
  ];
  for (const host of hosts) expect(sts(`https://${host}/v1/token`)).toContain(host);
  expect(sts("http://127.0.0.1:8080/v1/token")).toBeDefined();
  const iam = { ...place, service: "iamcredentials" } as const;
  expect(checkGoogleEndpoint("https://iamcredentials.googleapis.com/", iam)).toBeDefined();
  const partner = { ...iam, universe: "partner.example" };
  expect(checkGoogleEndpoint("https://iamcredentials.partner.example/", partner)).toBeDefined();
});

test("checkGoogleEndpoint() takes no host that only looks like one", () => {
  const hosts = [
    ...["sts.googleapis.com.evil.example", "evil.example", "stsgoogleapis.com", "googleapis.com"],
    ...[
      "storage.googleapis.com",
      "sts.evil.storage.googleapis.com",
      "iamcredentials.googleapis.com",
    ],
    ...["sts.googleapis.com@evil.example", "sts.googleapis.com.", "127.0.0.1.evil.example"],
  ];
  for (const host of hosts) {
    expect(() => sts(`https://${host}/v1/token`), host).toThrow(/token_url/);
  }
  for (const address of [
    "http://sts.googleapis.com/",
    "sts.googleapis.com",
    "https://sts.googleapis.com/#a",
  ]) {
    expect(() => sts(address), address).toThrow(/token_url/);
  }
});

test("checkGoogleEndpoint() lets nothing leave Google's own cloud", () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true }), fc.domain(), (address, domain) => {
      for (const one of [
        address,
        `https://sts.${domain}/`,
        `https://sts.googleapis.com.${domain}`,
      ]) {
        try {
          expect(new URL(sts(one)).hostname).toMatch(/\.googleapis\.com$/);
        } catch (error) {
          expect(error).toMatchObject({ code: "GCP_URL_UNSAFE" });
        }
      }
    }),
  );
});
