import { S3Client } from "@aws-sdk/client-s3";
import {
  createRow,
  type Json,
  type OptionValue,
  type Row,
  type Sink,
  type SinkOpenOptions,
} from "@decant/core";
import { s3Sink } from "../s3-sink.ts";
import type { LocalStore } from "./start-store.ts";

/** What tests look at a store with: another client than the sink's. */
export interface Bench {
  open(destination: string, options?: Partial<SinkOpenOptions>): Promise<Sink>;
  /** The text of an object. */
  text(key: string): Promise<string>;
  readonly client: S3Client;
}

export function openBench(
  { endpoint, env, options, read }: LocalStore,
  more: Readonly<Record<string, OptionValue>> = {},
): Bench {
  const credentials = {
    accessKeyId: env["AWS_ACCESS_KEY_ID"]!,
    secretAccessKey: env["AWS_SECRET_ACCESS_KEY"]!,
  };
  const client = new S3Client({ endpoint, credentials, region: "us-east-1", forcePathStyle: true });
  return {
    client,
    open: (destination, own = {}) =>
      s3Sink.open({
        destination,
        streams: [{ name: "events", columns: [] }],
        run: "20260101T000000Z-0a1b",
        force: false,
        ...own,
        options: { ...options, "part-size": 5, ...more, ...own.options },
      }),
    text: async (key) => new TextDecoder().decode(await read(key)),
  };
}

/** A row of about so many bytes that does not compress. */
export function randomRow(id: number, bytes: number): Row {
  const noise = crypto.getRandomValues(new Uint8Array(Math.min(65_536, bytes >> 1)));
  const text = Buffer.from(noise).toString("hex");
  const json = `{"id":${id},"noise":"${text.repeat(Math.ceil(bytes / 131_072))}"}`;
  return createRow({ id: String(id), json: new TextEncoder().encode(json) });
}

/** The lines that rows are written as. */
export function linesOf(rows: readonly Row[]): string {
  return rows.map(({ json }) => `${new TextDecoder().decode(json)}\n`).join("");
}

/** Passes a position through JSON, as a state file does. */
export function plain(position: Json): Json {
  return JSON.parse(JSON.stringify(position));
}
