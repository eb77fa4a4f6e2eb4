import { DecantError } from "@decant/core";
import type { IssueUrl, parseIssueUrl } from "@decant/sentry-source";
import { type ConfigFile, settingOf } from "./read-config-files.ts";

/** What arguments and flags say about where to export from. Flags include their variables. */
export interface TargetInputs {
  readonly url?: string | undefined;
  readonly org?: string | undefined;
  /** Each may be `org/project`. */
  readonly projects: readonly string[];
  /** Ids, short ids, or addresses of issues. */
  readonly issues: readonly string[];
  /** The one that counts most first. */
  readonly files: readonly ConfigFile[];
  readonly parseIssueUrl: typeof parseIssueUrl;
}

/** Where to export from. */
export interface SentryTarget {
  readonly url: string;
  /** The file of a project that names the address. Absent: the user chose it. */
  readonly namedBy?: string;
  readonly org?: string;
  readonly projects: readonly string[];
  readonly issues: readonly string[];
}

export const defaultUrl = "https://sentry.io";

/**
 * Puts together which server, organisation, projects and issues are meant. What is nearer to the
 * user wins: arguments and flags, then files in their order.
 *
 * @throws {DecantError} `ISSUE_INVALID`, `ISSUE_URL_UNKNOWN`, or `TARGET_CONFLICT` when two of them disagree.
 */
export function sentryTarget(inputs: TargetInputs): SentryTarget {
  const { files } = inputs;
  const issues = inputs.issues.map((text) => readIssue(text, inputs.parseIssueUrl));
  const named = inputs.projects.length > 0 || issues.length > 0;
  const fallback = settingOf(files, "project")?.value;
  const projects = (named || !fallback ? inputs.projects : [fallback]).map(splitProject);

  const pasted = agree(
    "address",
    [...issues, { url: inputs.url }].map(({ url }) => origin(url)),
  );
  const found = pasted === undefined ? settingOf(files, "url") : undefined;
  const configured = files.find(({ own }) => own)?.url;
  if (inputs.url === undefined && pasted !== undefined && configured !== undefined) {
    agree("address", [pasted, origin(configured)]);
  }
  const given = agree(
    "organisation",
    [...issues, ...projects, inputs].map(({ org }) => org),
  );
  const org = given ?? settingOf(files, "org")?.value;
  return {
    url: pasted ?? found?.value ?? defaultUrl,
    ...(found && !found.file.own ? { namedBy: found.file.path } : {}),
    ...(org === undefined ? {} : { org }),
    projects: projects.map(({ project }) => project),
    issues: issues.map(({ issue }) => issue),
  };
}

function readIssue(
  text: string,
  parse: TargetInputs["parseIssueUrl"],
): Partial<IssueUrl> & { issue: string } {
  if (!/^https?:/i.test(text)) return { issue: checkId(text) };
  const found = parse(text);
  if (found) return found;
  throw new DecantError("ISSUE_URL_UNKNOWN", `Cannot use "${text}": it is not an issue's address`, {
    kind: "usage",
    hint: "Copy the address from the page of the issue, or give its id or short id.",
  });
}

/** Ids are numbers; short ids are a project's slug in capitals, a dash, and a number of base 32. */
function checkId(text: string): string {
  if (/^(\d+|[\w-]+-[0-9a-z]+)$/i.test(text)) return text;
  throw new DecantError("ISSUE_INVALID", `Cannot export issue "${text}": it is no id`, {
    kind: "usage",
    hint: "An id is a number such as 4711, a short id looks like WEB-1A, an address begins with https://.",
  });
}

function splitProject(text: string): { readonly org?: string; readonly project: string } {
  const [first = "", second] = text.split("/");
  return second ? { org: first, project: second } : { project: first };
}

function origin(url: string | undefined): string | undefined {
  return url === undefined ? undefined : (URL.parse(url)?.origin ?? url);
}

/** The one value among those that are given. */
function agree(what: string, values: readonly (string | undefined)[]): string | undefined {
  const [first, other] = new Set(values.filter((value) => value !== undefined));
  if (other === undefined) return first;
  throw new DecantError(
    "TARGET_CONFLICT",
    `Cannot export from "${first}": "${other}" is given too, and there can be one ${what}`,
    {
      kind: "usage",
      hint: "Export from one at a time; --url and --org say which when a variable or file differs.",
    },
  );
}
