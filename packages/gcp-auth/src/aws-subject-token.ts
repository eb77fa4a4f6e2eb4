import { awsMetadata } from "./aws-metadata.ts";
import type { CallOptions } from "./call-server.ts";
import { credentialError } from "./credential-error.ts";
import { hashText } from "./hash-text.ts";
import { readFields } from "./read-fields.ts";
import { type AwsCredentials, signAwsRequest } from "./sign-aws-request.ts";
import {
  type SubjectTokenContext,
  type SubjectTokenSource,
  subjectTokenError,
} from "./subject-token.ts";

/**
 * A subject token that is a signed request to AWS: whoever gets it, which is Google, asks AWS with it
 * whose keys they are (https://google.aip.dev/auth/4117, AWS).
 */
export async function awsSubjectToken(context: SubjectTokenContext): Promise<SubjectTokenSource> {
  const { credentialSource, source, effects, audience } = context;
  const fields = readFields(credentialSource, source);
  if (fields.text("environment_id") !== "aws1") {
    throw credentialError(source, { state: "its environment_id is not aws1" });
  }
  const verificationUrl = checkVerificationUrl(
    fields.text("regional_cred_verification_url"),
    source,
  );
  const metadata = awsMetadata(context);
  const { env } = effects;
  const keyId = environmentCredentials(env)?.accessKeyId;
  return {
    endpoints: keyId === undefined ? metadata.endpoints : ["the environment (AWS_ACCESS_KEY_ID)"],
    // The role of a machine can change, and other machines have other roles.
    identity: keyId === undefined ? undefined : await hashText(keyId),
    async get(options) {
      const region = await findRegion(options);
      const credentials = environmentCredentials(env) ?? (await metadata.credentials(options));
      const url = verificationUrl.replace("{region}", region);
      const headers = await signAwsRequest({
        ...{ method: "POST", url, region, service: "sts", credentials, now: effects.now() },
        // Google takes the request for this provider only.
        headers: { "x-goog-cloud-target-resource": audience },
      });
      const list = Object.entries(headers).map(([key, value]) => ({ key, value }));
      return encodeURIComponent(JSON.stringify({ url, method: "POST", headers: list }));
    },
  };

  async function findRegion(options: CallOptions): Promise<string> {
    const region =
      env("AWS_REGION") || env("AWS_DEFAULT_REGION") || (await metadata.region(options));
    // It becomes part of a host.
    if (/^[a-z0-9-]+$/.test(region)) return region;
    throw subjectTokenError(source, "the region of AWS is no name");
  }
}

function environmentCredentials(
  env: SubjectTokenContext["effects"]["env"],
): AwsCredentials | undefined {
  const accessKeyId = env("AWS_ACCESS_KEY_ID");
  const secretAccessKey = env("AWS_SECRET_ACCESS_KEY");
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken: env("AWS_SESSION_TOKEN") || undefined };
}

/** A signature for anything else than this question could be put to other use. */
function checkVerificationUrl(address: string, source: string): string {
  const sample = address.replace("{region}", "us-east-1");
  const url = URL.canParse(sample) ? new URL(sample) : undefined;
  const isSts =
    url?.protocol === "https:" &&
    /^sts(-fips)?(\.[a-z0-9-]+)?\.amazonaws\.com(\.cn)?$/.test(url.host) &&
    url.pathname === "/" &&
    url.searchParams.getAll("Action").join() === "GetCallerIdentity";
  if (isSts) return address;
  throw credentialError(source, {
    code: "GCP_URL_UNSAFE",
    state: "its regional_cred_verification_url is not GetCallerIdentity of AWS",
    hint: "Make the file again with: gcloud iam workload-identity-pools create-cred-config",
  });
}
