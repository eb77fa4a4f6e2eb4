import type { IncomingMessage, ServerResponse } from "node:http";
import type { TokenResponder } from "@decant/gcp-auth/service";

/** How long a client may leave an answer unread, in milliseconds. */
const unreadMs = 20_000;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Called once the system has taken the answer. */
  onWritten(): void;
}

/** Answers a request of Node's server. It never rejects. */
export async function answerRequest(
  respond: TokenResponder,
  { request, response, onWritten }: Exchange,
): Promise<void> {
  const { method = "GET", headers, socket } = request;
  // What is asked of a proxy, or of the server as a whole, has no path.
  const url = `http://localhost${request.url ?? ""}`;
  if (!request.url?.startsWith("/") || !URL.canParse(url)) {
    response.writeHead(400, { "content-type": "text/plain" }).end("No path.\n", onWritten);
    return;
  }
  const get = (name: string) => headers[name]?.toString() ?? null;
  const asked = {
    method,
    url,
    headers: { get },
    // Few requests wait for anything, and a signal costs more than the rest of an answer.
    get signal() {
      return goneSignal(response);
    },
  };
  const answer = await respond(asked, { client: socket.remoteAddress ?? "local" });
  const { status, body } = answer;
  const fields: Record<string, string | number> = { ...answer.headers };
  // With the length known, Node writes head and body in one piece, and fields that are given at once
  // it does not keep first.
  if (method !== "HEAD") fields["content-length"] = Buffer.byteLength(body);
  if (hasBody(request)) fields["connection"] = "close";
  response.writeHead(status, fields).end(body, onWritten);
  if (socket.writableLength > 0) socket.setTimeout(unreadMs);
}

/** Aborts when the client has gone. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (response.destroyed) gone.abort();
  else response.once("close", () => gone.abort());
  return gone.signal;
}

/** Tells whether a body comes with a request: none is read, and it may have no end. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
}
