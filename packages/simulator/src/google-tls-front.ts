import { type AddressInfo, connect, type Socket } from "node:net";
import { createServer, type TLSSocket } from "node:tls";

/** Key and certificate of a server, in PEM. */
export interface ServerTls {
  readonly key: string;
  readonly cert: string;
}

/** A port of 127.0.0.1 that speaks TLS. */
export interface TlsFront {
  /** `https://127.0.0.1:PORT`, with no slash at the end. */
  readonly url: string;
  /** What the client showed of itself, in DER, by the port that the plain server sees. */
  certificateOf(port: number | undefined): Uint8Array | undefined;
  close(): Promise<void>;
}

/**
 * Puts mutual TLS in front of a server without, and passes the bytes on. Clients are asked for a
 * certificate and let in with any or none. (Servers for https do not tell of it on every runtime.)
 */
export async function listenTls(tls: ServerTls, target: URL): Promise<TlsFront> {
  const certificates = new Map<number, Uint8Array>();
  const open = new Set<Socket>();
  const options = { ...tls, requestCert: true, rejectUnauthorized: false };
  const server = createServer(options, (client: TLSSocket) => {
    const { raw } = client.getPeerCertificate();
    const plain = connect(Number(target.port), target.hostname, () => {
      const port = plain.localPort ?? 0;
      if (raw) certificates.set(port, raw);
      plain.once("close", () => certificates.delete(port));
      client.pipe(plain).pipe(client);
    });
    for (const [one, other] of [[client, plain] as const, [plain, client] as const]) {
      open.add(one);
      one.on("error", () => other.destroy());
      one.once("close", () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    certificateOf: (port) => (port === undefined ? undefined : certificates.get(port)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
