import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it went by. */
export interface Passed {
  /** Such as `PUT /exports/a.ndjson?partNumber=1&uploadId=…`. */
  readonly line: string;
  readonly headers: IncomingMessage["headers"];
}

interface FaultyAnswer {
  readonly status: number;
  readonly code: string;
  /** Put into the XML behind the code. */
  readonly more?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is to go wrong, with the first requests that match, or with all. */
export interface Fault {
  when(passed: Passed): boolean;
  /** @default {Infinity} */
  readonly times?: number;
  /** An answer in place of the store's. Absent: the store does it, and its answer is lost. */
  readonly answer?: FaultyAnswer;
}

/** Stands before a store and lets things go wrong. */
export interface Proxy extends AsyncDisposable {
  readonly endpoint: string;
  readonly log: Passed[];
  faults: Fault[];
}

/** Starts one. Requests keep the host that they were signed for. */
export async function startProxy(target: string): Promise<Proxy> {
  const log: Passed[] = [];
  const hits = new Map<Fault, number>();
  const proxy = { log, faults: [] as Fault[] };
  const server = createServer((incoming, outgoing) => {
    const passed = { line: `${incoming.method} ${incoming.url}`, headers: incoming.headers };
    log.push(passed);
    const fault = proxy.faults.find((own) => {
      const hit = hits.get(own) ?? 0;
      if (hit >= (own.times ?? Number.POSITIVE_INFINITY) || !own.when(passed)) return false;
      hits.set(own, hit + 1);
      return true;
    });
    if (fault?.answer) refuse(incoming, outgoing, fault.answer);
    else forward(incoming, outgoing, { target, lose: fault !== undefined });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return Object.assign(proxy, {
    endpoint: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  });
}

function refuse(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, code, more = "", headers = {} }: FaultyAnswer,
): void {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message>${more}</Error>`;
  incoming.resume().on("end", () => {
    outgoing.writeHead(status, { ...headers, "content-type": "application/xml" });
    outgoing.end(incoming.method === "HEAD" ? undefined : body);
  });
}

function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { target, lose }: { readonly target: string; readonly lose: boolean },
): void {
  const { method, headers, url } = incoming;
  const onward = request(target + url, { method, headers, agent: false }, (answer) => {
    if (lose) {
      answer.resume().on("end", () => outgoing.destroy());
      return;
    }
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on("error", () => outgoing.destroy());
  incoming.pipe(onward);
}
