import { clipText, pickText } from "./plan-facts.ts";
import type { IssueNote, TopValue } from "./report.ts";

/** What the stream of issues says of those that events belong to. */
export interface IssueNotes {
  add(value: unknown): void;
  /** Adds what is known of an issue to its place in the list. */
  annotate(entry: TopValue): TopValue;
}

const mostIssues = 50_000;

/** Makes an empty collection of notes. */
export function createIssueNotes(): IssueNotes {
  const notes = new Map<string, IssueNote>();
  return {
    add(value) {
      const id = pickText(value, [["id"]]);
      if (id === undefined || notes.size >= mostIssues) return;
      const found = {
        title: clipText(pickText(value, [["title"]]), 300),
        shortId: clipText(pickText(value, [["shortId"], ["short_id"]]), 80),
        status: clipText(pickText(value, [["status"]]), 40),
        users: clipText(pickText(value, [["userCount"], ["user_count"]]), 20),
        link: pickText(value, [["permalink"]]),
      };
      const known = Object.entries(found).filter(([, text]) => text !== undefined);
      notes.set(id, Object.fromEntries(known));
    },
    annotate(entry) {
      const issue = notes.get(entry.value);
      return issue ? { ...entry, issue } : entry;
    },
  };
}
