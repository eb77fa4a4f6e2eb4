import type { IncomingMessage, ServerResponse } from "node:http";
import type { TokenResponder } from "@decant/gcp-auth/service";

/** Answers a request of Node's server. It never rejects. */
export async function answerRequest(
  respond: TokenResponder,
  [request, response]: readonly [IncomingMessage, ServerResponse],
): Promise<void> {
  const { method = "GET", headers, socket } = request;
  // What is asked of a proxy, or of the server as a whole, has no path.
  const url = `http://localhost${request.url ?? ""}`;
  if (!request.url?.startsWith("/") || !URL.canParse(url)) {
    response.writeHead(400, { "content-type": "text/plain" }).end("No path.\n");
    return;
  }
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const get = (name: string) => headers[name]?.toString() ?? null;
  const asked = { method, url, headers: { get }, signal: gone.signal };
  const answer = await respond(asked, { client: socket.remoteAddress ?? "local" });
  response.writeHead(answer.status, answer.headers).end(answer.body);
}
