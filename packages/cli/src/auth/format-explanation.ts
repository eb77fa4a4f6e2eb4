import type { Explanation } from "@decant/core";
import { formatTable } from "../text/format-table.ts";
import type { CredentialCheck } from "./check-credential.ts";

type Row = readonly [string, string | undefined];

/** Writes what is known of a credential as lines for people. */
export function formatExplanation(explanation: Explanation, checked?: CredentialCheck): string {
  const { kind, source, reason, principal, scopes, project, quotaProject, universe } = explanation;
  const rows: Row[] = [
    ["Credential", kind],
    ["Found in", source],
    ["Because", reason],
    ...explanation.considered.map((place): Row => ["Not in", `${place.source}: ${place.state}`]),
    ["Principal", principal ?? "only the server knows"],
    ["Scopes", scopes?.join(" ")],
    ["Project", project],
    ["Quota project", quotaProject],
    ["Universe", universe],
    ...explanation.endpoints.map((endpoint): Row => ["Asks", endpoint]),
    ...explanation.warnings.map((warning): Row => ["Warning", warning]),
    ...(checked ? describeCheck(checked) : []),
  ];
  return formatTable(rows.filter((row): row is [string, string] => row[1] !== undefined));
}

function describeCheck(checked: CredentialCheck): Row[] {
  if (!checked.works) return [["Check", `failed: ${checked.message}`]];
  const { expiresAt, principal, scopes } = checked;
  return [
    [
      "Check",
      expiresAt === undefined ? "it gets tokens" : `it gets tokens, one until ${expiresAt}`,
    ],
    ["Token of", principal],
    ["Token for", scopes?.join(" ")],
  ];
}
