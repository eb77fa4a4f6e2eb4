import { S3Client } from "@aws-sdk/client-s3";
import type { S3Options } from "./read-options.ts";

/** How a client is made. */
export interface ClientOptions {
  /** In place of the one that options and environment name. */
  readonly region?: string | undefined;
  /** How often a request is tried. */
  readonly attempts: number;
  /** Those that another client has found already: some take a request, or a person. */
  readonly credentials?: S3Client["config"]["credentials"];
}

/**
 * Makes a client that finds its credentials as the AWS CLI does: environment, profile, SSO, process,
 * web identity, container, instance.
 */
export async function createClient(
  options: S3Options,
  { region, attempts, credentials }: ClientOptions,
): Promise<S3Client> {
  const { endpoint, profile, pathStyle } = options;
  const make = (chosen: string | undefined) =>
    new S3Client({
      ...(endpoint !== undefined && { endpoint }),
      ...(profile !== undefined && { profile }),
      ...(chosen !== undefined && { region: chosen }),
      forcePathStyle: pathStyle,
      maxAttempts: attempts,
      ...(credentials && { credentials }),
      // The checksums that the SDK adds by itself are unknown to many stores. Parts are signed with
      // their SHA-256 anyway, which every store compares.
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
      // Without an end, a connection that went dead would hold an export up for ever.
      requestHandler: { connectionTimeout: 10_000, socketTimeout: 120_000 },
    });
  const wanted = region ?? options.region;
  const client = make(wanted);
  if (wanted !== undefined) return client;
  try {
    await client.config.region();
    return client;
  } catch {
    // No region anywhere: AWS says which one it is, and most other stores do not care.
    client.destroy();
    return make("us-east-1");
  }
}
