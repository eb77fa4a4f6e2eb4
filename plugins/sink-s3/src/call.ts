import type { S3Client } from "@aws-sdk/client-s3";
import { formatAddress } from "./address.ts";
import { readFailure } from "./read-failure.ts";
import type { S3Options } from "./read-options.ts";
import { s3Error } from "./s3-error.ts";

/** What every request to a store needs. */
export interface CallContext {
  readonly client: S3Client;
  readonly bucket: string;
  readonly options: S3Options;
}

/** Names a key for people, in quotes. */
export function quote({ bucket }: Pick<CallContext, "bucket">, key: string): string {
  return `"${formatAddress({ bucket, key })}"`;
}

/** Does something and says as a `DecantError` what went wrong; an aborted signal has its own reason. */
export async function call<T>(
  action: string,
  run: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted();
  try {
    return await run();
  } catch (error) {
    signal?.throwIfAborted();
    throw s3Error(action, error);
  }
}

/** Whether an error says that an object, a version of it or an upload is not there. */
export function isMissing(error: unknown): boolean {
  const { name, status } = readFailure(error);
  return status === 404 && name !== "NoSuchBucket";
}

/** Whether an error says that the store does not know such a request, or a header of it. */
export function isUnknown(error: unknown): boolean {
  const { name, status, message } = readFailure(error);
  if (status === 501 || status === 405 || name === "NotImplemented") return true;
  return status === 400 && /if-none-match|unsupported header/i.test(message);
}
