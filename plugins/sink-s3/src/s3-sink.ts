import type { Sink, SinkOpenOptions, SinkPlugin } from "@decant/core";
import { type Address, folderOf, parseAddress } from "./address.ts";
import { connect } from "./connect.ts";
import { openFolderSink } from "./folder-sink.ts";
import { guardSink } from "./guard-sink.ts";
import { isGzip, namePlaces } from "./names.ts";
import { openObjectSink } from "./object-sink.ts";
import { clearPlace } from "./open-object.ts";
import { parseFolderPosition, parsePosition } from "./position.ts";
import { readOptions } from "./read-options.ts";
import { readOutput } from "./read-output.ts";
import type { Store } from "./store.ts";

/**
 * Writes rows into objects of an S3-compatible store, one JSON value a line. Rows pass as the bytes
 * they are.
 *
 * The destination is `s3://bucket/key`; a key that ends in `.gz` is compressed, as with the option
 * `gzip`. Opened for several streams, or to `append`, or with a key that ends in `/`, it is a folder
 * with one object for each stream: `<stream>.ndjson`, or `<stream>-<run>.ndjson`. Credentials are found
 * as the AWS CLI finds them.
 *
 * @example
 * ```ts
 * import { createRow } from "@decant/core";
 * import { s3Sink } from "@decant/sink-s3";
 *
 * await using sink = await s3Sink.open({
 *   destination: "s3://acme-exports/sentry/events.ndjson.gz",
 *   streams: [{ name: "events", columns: [] }],
 *   options: { region: "eu-central-1" },
 *   run: "first",
 *   force: false,
 * });
 * const json = new TextEncoder().encode('{"level":"error"}');
 * await sink.write("events", [createRow({ id: "1", json })]);
 * await sink.commit();
 * await sink.finish();
 * ```
 */
export const s3Sink: SinkPlugin = {
  resume: "rewind",
  streams: "many",
  // A commit stores what fills no part yet once more, so that it should be rare.
  commitEvery: { bytes: 16 << 20, ms: 10_000 },
  async open(options) {
    options.signal?.throwIfAborted();
    const address = parseAddress(options.destination);
    const { bucket, key } = address;
    const store = await connect(bucket, { key, options: readOptions(options.options) });
    try {
      return guardSink(
        withClose(await openSink(options, address, store), store),
        options.destination,
      );
    } catch (error) {
      store.close();
      throw error;
    }
  },
  read: readOutput,
};

export default s3Sink;

async function openSink(options: SinkOpenOptions, { key }: Address, store: Store): Promise<Sink> {
  const { streams, position, force, finishing = false, append = false } = options;
  const { gzip } = store.options;
  const places = namePlaces(key, options);
  const single = streams.length === 1 && !append ? streams[0] : undefined;
  if (single) {
    const own = key === folderOf(key) ? places.get(single.name)!.key : key;
    if (position === undefined) await prepare(store, [own], force);
    const at = position === undefined ? undefined : parsePosition(position);
    const opened = { store, key: own, force, finishing, position: at };
    return await openObjectSink({ ...opened, gzip: isGzip(own, gzip) });
  }
  const keys = [...places.values()].flatMap((place) => [place.key, place.other]);
  if (position === undefined) await prepare(store, keys, force);
  const at = position === undefined ? undefined : parseFolderPosition(position, places);
  return await openFolderSink({ store, places, gzip, force, append, finishing, position: at });
}

/** Makes sure that objects can be written there before hours are spent on reading. */
async function prepare(store: Store, keys: readonly string[], force: boolean): Promise<void> {
  await Promise.all(keys.map((key) => clearPlace(store, key, { force })));
  const [key] = keys;
  if (key === undefined) return;
  const kind = { contentType: "application/x-ndjson", mark: "" };
  await store.abortUpload({ key, id: await store.createUpload(key, kind) });
}

function withClose(sink: Sink, store: Store): Sink {
  return {
    ...sink,
    async [Symbol.asyncDispose]() {
      await sink[Symbol.asyncDispose]();
      store.close();
    },
  };
}
