import type { Explanation } from "@decant/core";
import { formatTable } from "../text/format-table.ts";

/** Writes what is known of a credential as lines for people. */
export function formatExplanation(explanation: Explanation): string {
  const { kind, source, reason, principal, scopes, project, quotaProject, universe } = explanation;
  const rows: [string, string | undefined][] = [
    ["Credential", kind],
    ["Found in", source],
    ["Because", reason],
    ...explanation.considered.map(
      (place) => ["Not in", `${place.source}: ${place.state}`] as [string, string],
    ),
    ["Principal", principal ?? "only the server knows"],
    ["Scopes", scopes?.join(" ")],
    ["Project", project],
    ["Quota project", quotaProject],
    ["Universe", universe],
    ...explanation.endpoints.map((endpoint) => ["Asks", endpoint] as [string, string]),
    ...explanation.warnings.map((warning) => ["Warning", warning] as [string, string]),
  ];
  return formatTable(rows.filter((row): row is [string, string] => row[1] !== undefined));
}
