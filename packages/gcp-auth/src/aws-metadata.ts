import { isLoopback } from "@decant/core";
import { type CallOptions, callForJson, callServer } from "./call-server.ts";
import { credentialError } from "./credential-error.ts";
import { readFields } from "./read-fields.ts";
import type { AwsCredentials } from "./sign-aws-request.ts";
import { sourceExchange } from "./source-exchange.ts";
import { type SubjectTokenContext, subjectTokenError } from "./subject-token.ts";

/** The metadata server of a machine at AWS. */
export interface AwsMetadata {
  readonly endpoints: readonly string[];
  region(options: CallOptions): Promise<string>;
  credentials(options: CallOptions): Promise<AwsCredentials>;
}

const hosts = ["169.254.169.254", "[fd00:ec2::254]"];

/** Asks by version 2 of its protocol where the file names the address of session tokens, else by 1. */
export function awsMetadata(context: SubjectTokenContext): AwsMetadata {
  const { credentialSource, source } = context;
  const fields = readFields(credentialSource, source);
  const address = (name: string) => checkHost(fields.optionalText(name), { source, name });
  const regionUrl = address("region_url");
  const credentialsUrl = address("url");
  const sessionUrl = address("imdsv2_session_token_url");

  async function sessionHeaders(options: CallOptions): Promise<Record<string, string>> {
    if (sessionUrl === undefined) return {};
    const headers = { "x-aws-ec2-metadata-token-ttl-seconds": "300" };
    const exchange = exchangeAt(sessionUrl, "imdsv2_session_token_url");
    const { text } = await callServer({ ...exchange, method: "PUT", headers }, options);
    return { "x-aws-ec2-metadata-token": visible(text, "session token") };
  }

  function exchangeAt(url: string, name: string) {
    return sourceExchange(context, { url, field: `credential_source.${name}` });
  }

  function needed(url: string | undefined, name: string): string {
    if (url !== undefined) return url;
    throw subjectTokenError(source, `the environment has no keys of AWS, and the file no ${name}`);
  }

  function visible(value: unknown, what: string): string {
    const text = typeof value === "string" ? value.trim() : "";
    if (/^[\x21-\x7e]+$/.test(text)) return text;
    throw subjectTokenError(source, `the metadata server of AWS gave no ${what}`);
  }

  return {
    endpoints: [sessionUrl, regionUrl, credentialsUrl].filter((url) => url !== undefined),
    async region(options) {
      const exchange = exchangeAt(needed(regionUrl, "region_url"), "region_url");
      const headers = await sessionHeaders(options);
      const { text } = await callServer({ ...exchange, method: "GET", headers }, options);
      // A zone such as us-east-2b is the region us-east-2.
      return visible(text, "region").slice(0, -1);
    },
    async credentials(options) {
      const url = needed(credentialsUrl, "url");
      const headers = await sessionHeaders(options);
      const request = { ...exchangeAt(url, "url"), method: "GET", headers } as const;
      const role = visible((await callServer(request, options)).text, "role");
      const roleUrl = `${url.replace(/\/$/, "")}/${encodeURIComponent(role)}`;
      const { data } = await callForJson({ ...request, url: roleUrl }, options);
      return {
        accessKeyId: visible(data["AccessKeyId"], "AccessKeyId"),
        secretAccessKey: visible(data["SecretAccessKey"], "SecretAccessKey"),
        sessionToken: visible(data["Token"], "Token"),
      };
    },
  };
}

/** The server gives the keys of the machine away, so that nobody else may stand in for it. */
function checkHost(
  address: string | undefined,
  { source, name }: { readonly source: string; readonly name: string },
): string | undefined {
  if (address === undefined) return undefined;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url && (hosts.includes(url.hostname) || isLoopback(url.hostname))) return address;
  throw credentialError(source, {
    code: "GCP_URL_UNSAFE",
    state: `its credential_source.${name} is not the metadata server of AWS`,
    hint: "Make the file again with: gcloud iam workload-identity-pools create-cred-config",
  });
}
