import type { S3Options } from "./read-options.ts";

/** A finished object. */
export interface StoredObject {
  readonly bytes: number;
  readonly etag: string | undefined;
  /** The export that wrote it, where one of this sink did. */
  readonly mark: string | undefined;
}

/** What a new object is to be. */
export interface ObjectKind {
  readonly contentType: string;
  /** Tells the object from those of other exports. */
  readonly mark: string;
  /** Whether it is dropped soon: it is kept in the usual class, from which it can be read at once. */
  readonly passing?: boolean;
}

/** A part that a store has taken. */
export interface StoredPart {
  readonly number: number;
  readonly etag: string;
}

/** One bucket, as far as the sink needs it. Each call throws a `DecantError`. */
export interface Store {
  readonly bucket: string;
  readonly options: S3Options;
  /** Looks at an object; nothing where there is none. */
  head(key: string): Promise<StoredObject | undefined>;
  /** The keys that begin so, in order. */
  list(prefix: string): AsyncGenerator<string>;
  /** Reads the bytes from the first to the last, both included. */
  get(key: string, range: ByteRange): Promise<Uint8Array>;
  put(key: string, body: Uint8Array, options: PutOptions): Promise<void>;
  remove(key: string): Promise<void>;
  /** The uploads of a key that have begun and not ended. */
  listUploads(key: string): Promise<string[]>;
  createUpload(key: string, kind: ObjectKind): Promise<string>;
  /** @returns The part's ETag. */
  uploadPart(upload: Upload, options: PartOptions): Promise<string>;
  /** The parts of an upload; nothing where there is no such upload. */
  listParts(upload: Upload): Promise<StoredPart[] | undefined>;
  completeUpload(upload: Upload, options: CompleteOptions): Promise<void>;
  /** Drops an upload. One that is gone is none to complain of. */
  abortUpload(upload: Upload): Promise<void>;
  close(): void;
}

interface ByteRange {
  readonly from: number;
  readonly to: number;
  /** Refuse to read another object that took its place. */
  readonly etag?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface PutOptions {
  readonly kind: ObjectKind;
  /** Whether an object may be replaced. */
  readonly replace: boolean;
}

export interface Upload {
  readonly key: string;
  readonly id: string;
}

interface PartOptions {
  readonly number: number;
  readonly body: Uint8Array;
  readonly signal?: AbortSignal;
}

interface CompleteOptions {
  readonly etags: readonly string[];
  readonly replace: boolean;
}
