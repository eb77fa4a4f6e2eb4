import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type ServerSideEncryption,
  type StorageClass,
} from "@aws-sdk/client-s3";
import { type CallContext, call, isMissing, isUnknown, quote } from "./call.ts";
import { outputExists, unreadable } from "./output-error.ts";
import type { S3Options } from "./read-options.ts";
import { s3Error } from "./s3-error.ts";
import type { ObjectKind, Store, StoredObject } from "./store.ts";

type ObjectCalls = Pick<Store, "head" | "list" | "get" | "put" | "remove">;

const markName = "decant-export";

/** The requests that read and write objects. */
export function createObjectCalls(context: CallContext): ObjectCalls {
  const { client, bucket, options } = context;
  const at = (key: string) => ({ Bucket: bucket, Key: key });

  async function* list(prefix: string): AsyncGenerator<string> {
    // Not what lies in folders below.
    const input = { Bucket: bucket, Prefix: prefix, Delimiter: "/" };
    let token: string | undefined;
    do {
      const next = token === undefined ? {} : { ContinuationToken: token };
      const command = new ListObjectsV2Command({ ...input, ...next });
      const page = await call(`list ${quote(context, prefix)}`, () => client.send(command));
      for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  return {
    list,
    head: (key) => head(context, key),
    async get(key, { from, to, etag, signal }) {
      const range = { Range: `bytes=${from}-${to}`, ...(etag !== undefined && { IfMatch: etag }) };
      const command = new GetObjectCommand({ ...at(key), ...range });
      const explain = (error: unknown): never => {
        throw unreadable(context, key, error);
      };
      const read = async () => {
        const { Body } = await client.send(command, signal && { abortSignal: signal });
        return (await Body?.transformToByteArray()) ?? new Uint8Array();
      };
      return await call(`read ${quote(context, key)}`, () => read().catch(explain), signal);
    },
    async put(key, body, { kind, replace }) {
      const input = { ...at(key), ...describe(options, kind), Body: body };
      await unlessThere(context, { key, replace }, (condition) =>
        client.send(new PutObjectCommand({ ...input, ...condition })),
      );
    },
    async remove(key) {
      const command = new DeleteObjectCommand(at(key));
      await call(`remove ${quote(context, key)}`, () => client.send(command));
    },
  };
}

async function head(context: CallContext, key: string): Promise<StoredObject | undefined> {
  const command = new HeadObjectCommand({ Bucket: context.bucket, Key: key });
  try {
    const { ContentLength = 0, ETag, Metadata = {} } = await context.client.send(command);
    return { bytes: ContentLength, etag: ETag, mark: Metadata[markName] };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw s3Error(`look at ${quote(context, key)}`, error);
  }
}

/** What is asked for with each new object. */
export function describe(
  { storageClass, encryption, kmsKey }: S3Options,
  { contentType, mark, passing = false }: ObjectKind,
): {
  readonly ContentType: string;
  readonly Metadata: Record<string, string>;
  readonly StorageClass?: StorageClass;
  readonly ServerSideEncryption?: ServerSideEncryption;
  readonly SSEKMSKeyId?: string;
} {
  return {
    ContentType: contentType,
    Metadata: { [markName]: mark },
    ...(storageClass !== undefined && !passing && { StorageClass: storageClass as StorageClass }),
    ...(encryption !== undefined && { ServerSideEncryption: encryption as ServerSideEncryption }),
    ...(kmsKey !== undefined && { SSEKMSKeyId: kmsKey }),
  };
}

/** What is to be written, and whether something may be there already. */
interface Claim {
  readonly key: string;
  readonly replace: boolean;
}

/**
 * Writes an object that may replace none: by a condition, which two exports at once cannot both
 * meet, or where a store knows none, by looking first.
 */
export async function unlessThere(
  context: CallContext,
  { key, replace }: Claim,
  write: (condition: { readonly IfNoneMatch?: "*" }) => Promise<unknown>,
): Promise<void> {
  await call(`write ${quote(context, key)}`, async () => {
    if (replace) return await write({});
    try {
      return await write({ IfNoneMatch: "*" });
    } catch (error) {
      if (!isUnknown(error)) throw error;
    }
    if (await head(context, key)) throw outputExists(context, key);
    return await write({});
  });
}
