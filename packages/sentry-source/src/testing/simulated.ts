import type { Source } from "@decant/core";
import type { SentrySimulator, SimulatedSentry } from "@decant/simulator";
import { createSentrySource, type SentrySourceOptions } from "../create-sentry-source.ts";

const decoder = new TextDecoder();

/** Waits for nothing. */
export const patient: NonNullable<SentrySourceOptions["retry"]> = {
  sleep: async (_ms, signal) => signal?.throwIfAborted(),
  random: () => 0.5,
};

/** A simulator, with a server or without. */
type Simulated = SentrySimulator | SimulatedSentry;

/** A source that reads a simulator, without waiting. */
export function sourceOf(sentry: Simulated, options: Partial<SentrySourceOptions> = {}): Source {
  const { url, token, org } = sentry;
  return createSentrySource({
    url,
    token,
    org,
    retry: patient,
    fetch: fetchOf(sentry),
    ...options,
  });
}

function fetchOf(sentry: Simulated): typeof globalThis.fetch {
  return "fetch" in sentry ? sentry.fetch : globalThis.fetch;
}

/** All that a simulator has, as rows should be: without line breaks between tokens. */
export function oracle(sentry: SentrySimulator, issue?: string): Map<string, string> {
  return new Map(
    [...sentry.events(issue)].map(({ id, projectId, json }) => [
      `${projectId}/${id}`,
      decoder
        .decode(json)
        .replaceAll(/[\r\n]/g, "")
        .trim(),
    ]),
  );
}

/** What differs, in few words: rows are long. */
export function differences(
  actual: ReadonlyMap<string, string>,
  expected: ReadonlyMap<string, string>,
): { missing: string[]; extra: string[]; changed: string[] } {
  const missing = [...expected.keys()].filter((id) => !actual.has(id));
  const extra = [...actual.keys()].filter((id) => !expected.has(id));
  const changed = [...actual].filter(([id, text]) => (expected.get(id) ?? text) !== text);
  return {
    missing: missing.slice(0, 3),
    extra: extra.slice(0, 3),
    changed: changed.slice(0, 3).map(([id]) => id),
  };
}

/** No difference. */
export const none: ReturnType<typeof differences> = { missing: [], extra: [], changed: [] };

/** What a test wants to answer itself; nothing leaves it to the simulator. */
export type Answer = (url: URL) => Response | undefined;

/** A fetch that takes any host for the simulator, and notes what it was asked for. */
export function redirected(
  sentry: Simulated,
  answer: Answer = () => undefined,
): { fetch: typeof globalThis.fetch; urls: URL[] } {
  const urls: URL[] = [];
  return {
    urls,
    async fetch(input, init) {
      const url = new URL(input instanceof Request ? input.url : input);
      urls.push(url);
      return (
        answer(url) ?? fetchOf(sentry)(new URL(url.pathname + url.search, sentry.url), { ...init })
      );
    },
  };
}

/** A JSON answer. */
export function json(value: unknown, init?: ResponseInit): Response {
  return Response.json(value, init);
}
