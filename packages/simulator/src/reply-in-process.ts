import { Buffer } from "node:buffer";
import type { Incoming, Reply } from "./loopback-server.ts";

/** What answers in this process. */
export interface InProcess {
  handle(request: Incoming): Reply;
  readonly origin: string;
  readonly now: () => number;
}

/** One request, after the arguments of fetch were sorted out. */
export interface InProcessRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly signal: AbortSignal | null | undefined;
}

/** Answers one request as the server of `listen()` would, with no socket between. */
export async function replyInProcess(
  request: InProcessRequest,
  { handle, now }: InProcess,
): Promise<Response> {
  const { url, method, headers, signal } = request;
  const reply = handle({
    ...{ method, url, path: url.pathname + url.search },
    header: (name) => headers.get(name) ?? undefined,
    text: async () => "",
  });
  let ended = false;
  const end = () => {
    if (ended) return;
    ended = true;
    signal?.removeEventListener("abort", end);
    reply.onEnd?.();
  };
  // Whoever aborts a request drops its connection, read or not.
  signal?.addEventListener("abort", end, { once: true });
  if (reply.delayMs) await pause(reply.delayMs, signal);
  if (reply.drop === "before") {
    end();
    throw connectionLost("fetch failed");
  }
  const bytes = typeof reply.body === "object" ? reply.body : Buffer.from(reply.body ?? "");
  const answered = new Response(method === "HEAD" ? null : bodyOf(reply, { bytes, signal, end }), {
    status: reply.status,
    headers: {
      date: new Date(now()).toUTCString(),
      ...reply.headers,
      "content-length": String(bytes.byteLength),
    },
  });
  if (method === "HEAD") end();
  Object.defineProperty(answered, "url", { value: url.href });
  return answered;
}

/** The body as a stream that gives nothing before it is asked, so that reading it takes its time. */
function bodyOf(
  { drop }: Reply,
  { bytes, signal, end }: { bytes: Uint8Array; signal: InProcessRequest["signal"]; end(): void },
): ReadableStream<Uint8Array> {
  const sent = drop === "body" ? bytes.subarray(0, bytes.byteLength / 2) : bytes;
  let left = sent.byteLength > 0;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (signal?.aborted) {
          controller.error(signal.reason);
        } else if (left) {
          left = false;
          controller.enqueue(sent);
        } else {
          end();
          if (drop === "body") controller.error(connectionLost("terminated"));
          else controller.close();
        }
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
}

function connectionLost(message: string): TypeError {
  const cause = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
  return new TypeError(message, { cause });
}

function pause(ms: number, signal: InProcessRequest["signal"]): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    function stop() {
      clearTimeout(timer);
      reject(signal?.reason);
    }
    signal?.addEventListener("abort", stop, { once: true });
  });
}
