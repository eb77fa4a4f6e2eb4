import type { SentrySimulator } from "./sentry-simulator.ts";

/** An answer, read to its end. For the tests of this package. */
export interface Asked {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Asks a simulator with its good token, or another. */
export async function ask(
  sentry: SentrySimulator,
  path: string,
  token: string | null = sentry.token,
): Promise<Asked> {
  const response = await fetch(sentry.url + path, {
    redirect: "manual",
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** The pages of a list, by the `cursor` of the `next` side of each header. */
export async function* pages(sentry: SentrySimulator, path: string): AsyncGenerator<Asked> {
  let cursor: string | undefined;
  do {
    const from: string = cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await ask(sentry, `${path}${path.includes("?") ? "" : "?"}${from}`);
    yield page;
    const link = page.headers.get("link") ?? "";
    cursor = /rel="next"; results="true"; cursor="([^"]*)"/.exec(link)?.[1];
  } while (cursor !== undefined);
}

/** All rows of a list. */
export async function allRows(
  sentry: SentrySimulator,
  path: string,
): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for await (const page of pages(sentry, path)) rows.push(...JSON.parse(page.text));
  return rows;
}
