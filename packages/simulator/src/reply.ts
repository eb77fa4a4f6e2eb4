import type { Reply } from "./loopback-server.ts";
import { hex } from "./random.ts";

/** What a handler throws to end a request with this answer. */
export interface Refusal {
  readonly refusal: Reply;
}

/** An answer with a JSON body. */
export function json(
  body: unknown,
  options: { status?: number; headers?: Record<string, string> } = {},
): Reply {
  const { status = 200, headers } = options;
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: body instanceof Uint8Array ? body : JSON.stringify(body),
  };
}

/** An error in the form of Django REST framework. `detail` can be a text or an object. */
export function detail(status: number, text: unknown): Reply {
  return json({ detail: text }, { status });
}

/** Ends a request early: handlers throw what this returns. */
export function refuse(status: number, text: unknown): Refusal {
  return { refusal: detail(status, text) };
}

/** Tells a refusal from a mistake of the simulator. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === "object" && value !== null && "refusal" in value;
}

/** Sentry's answer to an exception that nobody caught. */
export function internalError(seed = 0): Reply {
  return json({ detail: "Internal Error", errorId: hex(seed, 500, 32) }, { status: 500 });
}

/** A page of HTML where JSON was hoped for. */
export function html(
  status: number,
  { title, headers }: { title: string; headers?: Record<string, string> },
): Reply {
  return {
    status,
    headers: { "content-type": "text/html; charset=utf-8", ...headers },
    body: `<!DOCTYPE html>\n<html lang="en">\n<head><title>${title}</title></head>\n<body><h1>${title}</h1></body>\n</html>\n`,
  };
}

/** The page that asks to log in. */
export function loginPage(): Reply {
  return html(200, { title: "Login | Sentry" });
}
