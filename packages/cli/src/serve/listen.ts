import { once } from "node:events";
import { lstat, unlink } from "node:fs/promises";
import type { Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { DecantError } from "@decant/core";
import type { ServiceAddress } from "./parse-address.ts";

interface ListenOptions {
  readonly address: ServiceAddress;
  /** The permissions of a socket. */
  readonly socketMode: number;
}

/**
 * Makes a server listen. A socket that a killed process has left is replaced.
 *
 * @returns How clients reach it.
 * @throws {DecantError} `LISTEN_FAILED`.
 */
export async function listen(
  server: Server,
  { address, socketMode }: ListenOptions,
): Promise<string> {
  try {
    if (address.kind === "socket")
      return await listenOnSocket(server, address.path, { socketMode });
    const host = address.host.replace(/^\[(.*)\]$/, "$1");
    server.listen({ host, port: address.port, exclusive: true });
    await once(server, "listening");
    return `http://${address.host}:${(server.address() as AddressInfo).port}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const place = address.kind === "socket" ? address.path : `${address.host}:${address.port}`;
    const state = code === "EADDRINUSE" ? "something listens there already" : String(code);
    throw new DecantError("LISTEN_FAILED", `Cannot listen on "${place}": ${state}`, {
      kind: "usage",
      hint: "Choose another address with --listen, or end what is there.",
    });
  }
}

async function listenOnSocket(
  server: Server,
  path: string,
  { socketMode }: Pick<ListenOptions, "socketMode">,
): Promise<string> {
  if (await isLeftOver(path)) await unlink(path);
  const mask = process.umask(0o777 & ~socketMode);
  try {
    server.listen(path);
    await once(server, "listening");
  } finally {
    process.umask(mask);
  }
  return `unix:${path}`;
}

/** Tells whether there is a socket that nobody listens on. */
async function isLeftOver(path: string): Promise<boolean> {
  // A file of another kind refuses connections too.
  const found = await lstat(path).catch(() => undefined);
  if (!found?.isSocket()) return false;
  const client = connect(path);
  try {
    await once(client, "connect");
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ECONNREFUSED";
  } finally {
    client.destroy();
  }
}
