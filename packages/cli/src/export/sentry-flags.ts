import { Flags } from "@oclif/core";
import type { OutputFlags } from "./choose-output.ts";
import type { IncrementalFlags } from "./read-incremental.ts";

type Text = string | undefined;
/** A variable gives one text, flags a list. */
type Texts = readonly string[] | Text;

/** The flags of `export sentry`, as oclif parsed them. */
export interface SentryFlags extends OutputFlags, IncrementalFlags {
  readonly url?: Text;
  readonly org?: Text;
  readonly project?: Texts;
  readonly issue?: Texts;
  readonly query?: Text;
  readonly environment?: Texts;
  readonly since?: Text;
  readonly from?: Text;
  readonly to?: Text;
  readonly via?: "issues" | "project" | undefined;
  readonly header?: readonly string[] | undefined;
  readonly "allow-insecure-http": boolean;
  readonly attachments: boolean;
  readonly plan: boolean;
}

const server = { helpGroup: "SERVER" };
const subject = { helpGroup: "SELECTION" };
const later = { helpGroup: "LATER RUNS" };
const several = { multiple: true, multipleNonGreedy: true } as const;

/** Flags of `export sentry` alone. */
export const sentryFlags = {
  org: Flags.string({ ...subject, description: "Slug of the organisation", env: "SENTRY_ORG" }),
  project: Flags.string({
    ...{ ...subject, ...several },
    char: "p",
    description: "Slug of a project, or org/project; several times for more [default: all]",
    env: "SENTRY_PROJECT",
  }),
  issue: Flags.string({
    ...{ ...subject, ...several },
    char: "i",
    description:
      "Id, short id or address of an issue, as behind the command; several times for more",
  }),
  since: Flags.string({
    ...subject,
    description: "Only what happened from this long ago on, such as 14d [default: all there is]",
    env: "DECANT_SINCE",
    exclusive: ["from"],
  }),
  from: Flags.string({
    ...subject,
    description: "Only what happened from this time on: a date, date-time, or 14d",
    env: "DECANT_FROM",
  }),
  to: Flags.string({
    ...subject,
    description: "Only what happened before this time [default: a minute ago]",
    env: "DECANT_TO",
  }),
  query: Flags.string({
    ...subject,
    description: "Only what matches this search of Sentry, where the stream has one",
    env: "DECANT_QUERY",
  }),
  environment: Flags.string({
    ...{ ...subject, ...several },
    description: "Only what belongs to this environment; several times for more [default: all]",
    env: "SENTRY_ENVIRONMENT",
  }),
  via: Flags.option({
    ...subject,
    description: "How to read a whole project; the other way is for old servers",
    options: ["issues", "project"] as const,
    env: "DECANT_VIA",
  })(),
  attachments: Flags.boolean({
    ...subject,
    description:
      "Download the files that rows of attachments stand for, into a folder beside the output, OUTPUT.files",
    allowNo: true,
    default: true,
  }),
  plan: Flags.boolean({
    description: "Show what would be read, how long it would take, and what is in the way; no more",
  }),
  incremental: Flags.boolean({
    ...later,
    description: "Go on where the last run ended, or begin with that: new rows go into new files",
    env: "DECANT_INCREMENTAL",
  }),
  lookback: Flags.string({
    ...later,
    description: "How far to look back then for what came late [default: 3d]",
    env: "DECANT_LOOKBACK",
    helpValue: "DURATION",
  }),
  url: Flags.string({
    ...server,
    description:
      "Base address of the server [default: https://sentry.io] [env: SENTRY_HOST, SENTRY_URL]",
  }),
  "allow-insecure-http": Flags.boolean({
    ...server,
    description: "Send the token over plain http, where everybody on the way can read it",
  }),
};
