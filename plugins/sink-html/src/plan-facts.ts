import { type Column, formatTime, pickPath, type Stream } from "@decant/core";
import type { Facts } from "./report.ts";

/** Finds the facts of a row in its parsed value. */
export type FindFacts = (value: unknown, time: string | undefined) => Facts;

/** Where values lie in rows of streams without columns, as in files that decant did not make. */
const usual: Readonly<Record<string, Column["paths"]>> = {
  level: [["level"], ["tags", "level"]],
  title: [["title"], ["metadata", "title"], ["message"], ["logentry", "formatted"], ["name"]],
  where: [["culprit"], ["location"], ["transaction"]],
  user: [
    ...["email", "username", "name", "id", "ip_address", "ipAddress"].map((key) => ["user", key]),
    ["tags", "user"],
  ],
  release: [["release"], ["tags", "release"]],
  environment: [["environment"], ["tags", "environment"]],
  issue: [["groupID"], ["group_id"], ["issue_id"]],
};
const times = [["timestamp"], ["dateCreated"], ["date_created"]];

/** Plans where the facts of a stream's rows lie: by its columns, then where they usually are. */
export function planFacts({ columns, display, time: ownTime = [] }: Stream): FindFacts {
  const named = (names: readonly string[] = []) =>
    names.flatMap((name) => columns.find((column) => column.name === name)?.paths ?? []);
  const paths = (names: readonly string[] | undefined, key: string): Column["paths"] => [
    ...named(names),
    ...usual[key]!,
  ];
  const level = paths(display?.level ?? ["level"], "level");
  const title = paths(display?.title ?? ["title"], "title");
  const where = paths(display?.where, "where");
  const user = paths(display?.user, "user");
  const release = paths(["release"], "release");
  const environment = paths(["environment"], "environment");
  const issue = paths(["issue_id"], "issue");
  const moment = [...named(display?.time), ...ownTime, ...times];

  return (value, time) =>
    prune({
      time: formatTime(time) ?? formatTime(pickPath(value, moment)),
      level: clipText(pickText(value, level), 40)?.toLowerCase(),
      title: clipText(pickText(value, title), 300),
      where: clipText(pickText(value, where), 200),
      user: clipText(pickText(value, user), 200),
      release: clipText(pickText(value, release), 200),
      environment: clipText(pickText(value, environment), 200),
      issue: clipText(pickText(value, issue), 200),
    });
}

/** The text at one of the paths, where it is one that says something. */
export function pickText(value: unknown, paths: Column["paths"]): string | undefined {
  for (const path of paths) {
    const found = pickPath(value, [path]);
    if (found === undefined || typeof found === "object") continue;
    const text = String(found).trim();
    if (text !== "") return text;
  }
  return undefined;
}

/** Keeps the start of long text. */
export function clipText<T extends string | undefined>(text: T, length: number): T {
  if (text === undefined || text.length <= length) return text;
  return `${text.slice(0, length - 1).toWellFormed()}…` as T;
}

/** Facts without those that are not there: the shape that JSON keeps. */
function prune(facts: { [Key in keyof Facts]: Facts[Key] | undefined }): Facts {
  const found = Object.entries(facts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(found);
}
