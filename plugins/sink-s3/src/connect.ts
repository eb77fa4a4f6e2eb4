import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { quote } from "./call.ts";
import { createClient } from "./create-client.ts";
import { createStore } from "./create-store.ts";
import { readFailure } from "./read-failure.ts";
import type { S3Options } from "./read-options.ts";
import { s3Error } from "./s3-error.ts";
import type { Store } from "./store.ts";

/** A store that was never reached may have another address: whoever mistyped it is not to wait. */
const firstAttempts = 3;

export interface ConnectOptions {
  /** A key that the credentials may look for. */
  readonly key: string;
  readonly options: S3Options;
}

/**
 * Connects to a bucket, in the region that the store says it is in.
 *
 * @throws {DecantError} where it cannot be read, with what is wrong.
 */
export async function connect(bucket: string, { key, options }: ConnectOptions): Promise<Store> {
  const first = await tryRegion(bucket, { key, options });
  if ("store" in first) return first.store;
  const { region } = readFailure(first.error);
  const second = region === undefined ? first : await tryRegion(bucket, { key, options, region });
  if ("store" in second) return second.store;
  throw s3Error(`list ${quote({ bucket }, key)}`, second.error);
}

async function tryRegion(
  bucket: string,
  { key, options, region }: ConnectOptions & { readonly region?: string },
): Promise<{ readonly store: Store } | { readonly error: unknown }> {
  const attempts = Math.min(firstAttempts, options.attempts);
  const first = await createClient(options, { region, attempts });
  try {
    await first.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 }));
    const found = { region: await first.config.region(), credentials: first.config.credentials };
    const client = await createClient(options, { ...found, attempts: options.attempts });
    return { store: createStore({ client, bucket, options }) };
  } catch (error) {
    return { error };
  } finally {
    first.destroy();
  }
}
