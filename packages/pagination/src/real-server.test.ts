import { startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { paginate } from "./paginate.ts";

const decoder = new TextDecoder();

interface Event {
  readonly id?: string;
  readonly event_id?: string;
}

test.each(["saas", "self-hosted", "old", "glitchtip"] as const)(
  "paginate() reads a list of %s to its end, whatever its Link headers look like",
  async (flavor) => {
    await using sentry = await startSentry({
      flavor,
      projects: [{ slug: "web", issues: [{ events: 256 }] }],
      limits: false,
      faults: { serverError: 0.1, cutBody: 0.1, truncatedJson: 0.1 },
    });
    const { org, token, issues } = sentry;
    const prefix = flavor === "saas" || flavor === "self-hosted" ? `organizations/${org}/` : "";
    const ids = new Set<string>();
    const pages = paginate({
      url: `${sentry.url}/api/0/${prefix}issues/${issues[0]?.id}/events/?full=true`,
      headers: { authorization: `Bearer ${token}` },
      parse: (body) => JSON.parse(decoder.decode(body)) as Event[],
      retry: { sleep: async () => {} },
    });
    for await (const { value } of pages) {
      for (const { id, event_id } of value) ids.add(id ?? event_id ?? "");
    }
    expect(ids.size).toBe(256);
  },
);
