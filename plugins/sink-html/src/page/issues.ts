import type { Report, TopValue } from "../report.ts";
import { foreign, make } from "./dom.ts";
import { formatCount, formatPlural, formatShare, formatTime } from "./format.ts";
import { levelMark } from "./levels.ts";
import { bar, capped, listNote } from "./ranking.ts";

/** The most frequent issues. Choosing one filters the rows. */
export function createIssues(report: Report, choose: (issue: string) => void): HTMLElement {
  const { issues } = report;
  const most = issues.top[0]?.count ?? 0;
  const items = issues.top.map((entry) => createIssue(entry, { rows: issues.rows, most, choose }));
  return make(
    "section",
    { class: "card", "aria-labelledby": "issues" },
    make("h2", { id: "issues" }, "Top issues"),
    items.length > 0 ? capped(items, 8, "ol") : make("p", { class: "quiet" }, "None."),
    listNote(issues),
  );
}

interface IssueOptions {
  readonly rows: number;
  readonly most: number;
  choose(issue: string): void;
}

function createIssue(entry: TopValue, { rows, most, choose }: IssueOptions): HTMLElement {
  const { value, count, label, level, last, issue } = entry;
  const title = issue?.title ?? label ?? value;
  const users = Number(issue?.users);
  const facts = [
    issue?.shortId,
    issue?.status,
    last && `last ${formatTime(last)}`,
    users > 0 && formatPlural(users, "users"),
  ].filter((fact) => typeof fact === "string");
  const link = safeLink(issue?.link);
  return make(
    "li",
    { class: "issue" },
    make(
      "button",
      { type: "button", class: "pick", click: () => choose(value) },
      make("span", { class: "clip" }, foreign(title)),
      make("span", { class: "number" }, formatCount(count)),
      bar(count / most),
    ),
    make(
      "p",
      { class: "quiet facts" },
      levelMark(level),
      ...facts.map((fact) => foreign(fact)),
      make("span", {}, `${formatShare(count, rows)} of events`),
      link &&
        make(
          "a",
          { href: link, target: "_blank", rel: "noopener noreferrer" },
          "Open",
          make("span", { class: "hidden" }, " ", foreign(title), " on the server, in a new tab"),
        ),
    ),
  );
}

/** Links come from the server: only those of the web are taken. */
export function safeLink(link: string | undefined): string | undefined {
  if (link === undefined || !URL.canParse(link)) return undefined;
  const { protocol, href } = new URL(link);
  return protocol === "https:" || protocol === "http:" ? href : undefined;
}
