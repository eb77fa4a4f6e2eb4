import { linkHeader, type NextPage } from "@decant/pagination";
import type { AskPages, Client } from "./create-client.ts";

/** The first page of a list, and what its answer tells besides. */
export interface Probe<T> {
  readonly value: T;
  /** Whether the list goes on. */
  readonly more: boolean;
  /** How many rows the server says that the list has: of many it is a guess, or "1000 at least". */
  readonly hits?: number;
  /** How many requests of its group the server takes in a period. Absent: it did not say. */
  readonly limit?: number;
  /** How long it took, with all tries. */
  readonly ms: number;
}

/** Reads the first page of a list. */
export async function probePage<T>(client: Client, ask: AskPages<T>): Promise<Probe<T>> {
  const next: NextPage<T> = ask.next ?? linkHeader();
  let headers = new Headers();
  const noting: NextPage<T> = {
    ...next,
    cursorAfter(page) {
      headers = page.response.headers;
      return next.cursorAfter(page);
    },
  };
  const begin = client.now();
  for await (const page of client.pages({ ...ask, next: noting, readAheadBytes: 0 })) {
    const hits = readNumber(headers, "x-hits");
    const limit = readNumber(headers, "x-sentry-rate-limit-limit");
    return {
      value: page.value,
      more: page.next !== undefined,
      ms: client.now() - begin,
      ...(hits !== undefined && { hits }),
      ...(limit !== undefined && { limit }),
    };
  }
  throw new TypeError("A list has one page at least");
}

function readNumber(headers: Headers, name: string): number | undefined {
  const text = headers.get(name) ?? "";
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
