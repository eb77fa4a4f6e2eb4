import { expect, test } from "vitest";
import { signAwsRequest } from "./sign-aws-request.ts";

const given = {
  ...{ method: "GET", url: "https://example.amazonaws.com/" },
  ...{ region: "us-east-1", service: "service", now: Date.UTC(2015, 7, 30, 12, 36, 0, 999) },
  credentials: {
    accessKeyId: "AKIDEXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  },
};

// From AWS's own suite of test vectors for Signature Version 4.
test("signAwsRequest() makes the signatures that AWS publishes", async () => {
  expect(await signAwsRequest(given)).toEqual({
    host: "example.amazonaws.com",
    "x-amz-date": "20150830T123600Z",
    authorization:
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
  });
  const signature = async (change: Partial<typeof given>) => {
    const { authorization } = await signAwsRequest({ ...given, ...change });
    return /Signature=(\w+)$/.exec(authorization ?? "")?.[1];
  };
  expect(await signature({ method: "POST" })).toBe(
    "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
  );
  expect(await signature({ url: `${given.url}?Param2=value2&Param1=value1` })).toBe(
    "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
  );
});

test("signAwsRequest() signs what it is given, and the session", async () => {
  const credentials = { ...given.credentials, sessionToken: "session" };
  const headers = { "x-goog-cloud-target-resource": "//iam.googleapis.com/x" };
  const signed = await signAwsRequest({ ...given, credentials, headers });
  expect(signed).toMatchObject({ ...headers, "x-amz-security-token": "session" });
  expect(signed["authorization"]).toContain(
    "SignedHeaders=host;x-amz-date;x-amz-security-token;x-goog-cloud-target-resource,",
  );
});
