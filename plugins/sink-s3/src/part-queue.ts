import { DecantError } from "@decant/core";
import { formatAddress } from "./address.ts";
import type { ObjectKind, Store } from "./store.ts";

/** The most parts that an object may have: Amazon S3's limit, which others took over. */
const mostParts = 10_000;
/** What may be on its way at once, in bytes, and in parts. */
const inFlightBytes = 32 << 20;
const mostInFlight = 4;

export interface PartQueueOptions {
  readonly store: Store;
  readonly key: string;
  readonly kind: ObjectKind;
  readonly partBytes: number;
  /** The upload that the parts belong to. Absent: it is begun with the first part. */
  readonly upload: string | undefined;
  /** Of the parts that are stored already. */
  readonly etags: readonly string[];
}

/** Uploads parts, several at once. */
export interface PartQueue {
  readonly upload: string | undefined;
  /** How many parts there are, also those on their way. */
  readonly count: number;
  /** Takes the next part and resolves when there is room for another. */
  push(body: Uint8Array): Promise<void>;
  /** Resolves with the ETags of all parts when they are stored. */
  settle(): Promise<readonly string[]>;
  /** Ends what is on its way. */
  stop(): Promise<void>;
}

export function createPartQueue(options: PartQueueOptions): PartQueue {
  const { store, key, kind, partBytes } = options;
  const room = Math.min(mostInFlight, Math.max(1, Math.floor(inFlightBytes / partBytes)));
  const etags = [...options.etags];
  const onTheWay = new Set<Promise<void>>();
  const stopping = new AbortController();
  let { upload } = options;
  let count = etags.length;
  let failure: { readonly error: unknown } | undefined;

  function throwFailure(): void {
    if (failure) throw failure.error;
  }

  function send(id: string, number: number, body: Uint8Array): void {
    const { signal } = stopping;
    const sent = store
      .uploadPart({ key, id }, { number, body, signal })
      .then((etag) => {
        etags[number - 1] = etag;
      })
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => onTheWay.delete(sent));
    onTheWay.add(sent);
  }

  return {
    get upload() {
      return upload;
    },
    get count() {
      return count;
    },
    async push(body) {
      throwFailure();
      if (count === mostParts) throw tooLarge(store, key);
      upload ??= await store.createUpload(key, kind);
      count += 1;
      send(upload, count, body);
      while (onTheWay.size >= room) await Promise.race(onTheWay);
      throwFailure();
    },
    async settle() {
      await Promise.all(onTheWay);
      throwFailure();
      return etags;
    },
    async stop() {
      stopping.abort();
      await Promise.all(onTheWay);
    },
  };
}

function tooLarge({ bucket, options }: Store, key: string): DecantError {
  const address = formatAddress({ bucket, key });
  const mebi = options.partBytes >> 20;
  return new DecantError(
    "S3_TOO_LARGE",
    `Cannot write "${address}": it has ${mostParts} parts of ${mebi} MiB, and may have no more`,
    {
      kind: "sink",
      hint: `Start again with a larger --s3-part-size, or with a name that ends in .gz.`,
    },
  );
}
