import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { type CallContext, call, isMissing, isUnknown, quote } from "./call.ts";
import { describe, unlessThere } from "./object-calls.ts";
import { s3Error } from "./s3-error.ts";
import type { Store, StoredPart, Upload } from "./store.ts";

type UploadCalls = Pick<
  Store,
  "listUploads" | "createUpload" | "uploadPart" | "listParts" | "completeUpload" | "abortUpload"
>;

/** The requests of uploads in parts. */
export function createUploadCalls(context: CallContext): UploadCalls {
  const { client, bucket, options } = context;
  const at = (key: string) => ({ Bucket: bucket, Key: key });
  const of = ({ key, id }: Upload) => ({ ...at(key), UploadId: id });

  return {
    listUploads: (key) => listUploads(context, key),
    listParts: (upload) => listParts(context, upload),
    async createUpload(key, kind) {
      const command = new CreateMultipartUploadCommand({ ...at(key), ...describe(options, kind) });
      return await call(`write ${quote(context, key)}`, async () => {
        const { UploadId } = await client.send(command);
        if (UploadId === undefined) throw new Error("the store gave no UploadId");
        return UploadId;
      });
    },
    async uploadPart(upload, { number, body, signal }) {
      const command = new UploadPartCommand({ ...of(upload), PartNumber: number, Body: body });
      const send = () => client.send(command, signal && { abortSignal: signal });
      const { ETag } = await call(`write ${quote(context, upload.key)}`, send, signal);
      return ETag ?? "";
    },
    async completeUpload(upload, { etags, replace }) {
      const Parts = etags.map((ETag, index) => ({ PartNumber: index + 1, ETag }));
      const input = { ...of(upload), MultipartUpload: { Parts } };
      await unlessThere(context, { key: upload.key, replace }, (condition) =>
        client.send(new CompleteMultipartUploadCommand({ ...input, ...condition })),
      );
    },
    async abortUpload(upload) {
      try {
        await client.send(new AbortMultipartUploadCommand(of(upload)));
      } catch (error) {
        if (!isMissing(error))
          throw s3Error(`drop an upload of ${quote(context, upload.key)}`, error);
      }
    },
  };
}

async function listUploads(context: CallContext, key: string): Promise<string[]> {
  const { client, bucket } = context;
  const command = new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key });
  try {
    // One page has a thousand: nobody begins so many for keys that begin like this one.
    const { Uploads = [] } = await client.send(command);
    return Uploads.flatMap(({ Key, UploadId }) => (Key === key && UploadId ? [UploadId] : []));
  } catch (error) {
    if (isUnknown(error)) return [];
    throw s3Error(`list the uploads of ${quote(context, key)}`, error);
  }
}

async function listParts(context: CallContext, upload: Upload): Promise<StoredPart[] | undefined> {
  const { client, bucket } = context;
  const input = { Bucket: bucket, Key: upload.key, UploadId: upload.id };
  const parts: StoredPart[] = [];
  let after: string | undefined;
  try {
    do {
      const next = after === undefined ? {} : { PartNumberMarker: after };
      const page = await client.send(new ListPartsCommand({ ...input, ...next }));
      for (const { PartNumber: number = 0, ETag: etag = "" } of page.Parts ?? []) {
        parts.push({ number, etag });
      }
      after = page.IsTruncated ? String(parts.at(-1)?.number) : undefined;
    } while (after !== undefined);
    return parts;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw s3Error(`look at the parts of ${quote(context, upload.key)}`, error);
  }
}
