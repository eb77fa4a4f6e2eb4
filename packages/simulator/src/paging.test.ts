import fc from "fast-check";
import { expect, test } from "vitest";
import { type SimulatedSentry, simulateSentry } from "./simulate-sentry.ts";

const lists = [
  ["releases", "organizations/acme/releases/"],
  ["saved-queries", "organizations/acme/discover/saved/"],
  ["user-feedback", "projects/acme/web/user-feedback/"],
  ["teams", "organizations/acme/teams/"],
] as const;

async function idsOf(sentry: SimulatedSentry, path: string, size: number): Promise<string[]> {
  const headers = { authorization: `Bearer ${sentry.token}` };
  const parameter = sentry.flavor === "glitchtip" ? "limit" : "per_page";
  const ids: string[] = [];
  for (let cursor: string | undefined = ""; cursor !== undefined; ) {
    const from = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const url: string = `${sentry.url}/api/0/${path}?${parameter}=${size}${from}`;
    const response = await sentry.fetch(url, { headers });
    const rows: { id: string | number }[] = await response.json();
    expect(rows.length).toBeLessThanOrEqual(size);
    ids.push(...rows.map(({ id }) => String(id)));
    const link = response.headers.get("link") ?? "";
    cursor = /rel="next"; results="true"; cursor="([^"]*)"/.exec(link)?.[1];
  }
  return ids;
}

test("any list of any length has each row once, in pages of any size", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...lists),
      fc.nat({ max: 230 }),
      fc.integer({ min: 1, max: 100 }),
      fc.constantFrom("saas", "glitchtip"),
      async ([stream, path], rows, size, flavor) => {
        const known = flavor === "saas" || stream === "releases" || stream === "teams";
        fc.pre(known);
        const projects = [{ slug: "web", issues: [] }];
        const limits = { limits: false, lists: { [stream]: rows } };
        const sentry = simulateSentry({ flavor, projects, ...limits });
        const expected = [...sentry.rows(stream)].map(({ id }) => id);
        expect(expected).toHaveLength(rows);
        expect(await idsOf(sentry, path, size)).toEqual(expected);
      },
    ),
    { numRuns: 60 },
  );
});
