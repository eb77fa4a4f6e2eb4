import { DecantError, isDecantError } from "@decant/core";
import type { Client } from "./create-client.ts";
import { isSentryIo } from "./is-trusted.ts";
import { isObject, type JsonObject, parseObject, parseObjects, textOf } from "./parse-json.ts";
import { issuePath, kinds, orgPath, type Server } from "./server.ts";
import type { IssueRef, ProjectRef } from "./slice-args.ts";

/** An issue that was found. */
export interface FoundIssue {
  /** The server, and where it keeps its issues. */
  readonly server: Server;
  readonly issue: IssueRef;
  readonly project?: ProjectRef;
}

interface ResolveOptions {
  readonly server: Server;
  readonly signal: AbortSignal;
}

/**
 * Finds an issue by its id or short id, and with it where the server keeps issues: below their
 * organisation, or on old servers and GlitchTip at the root.
 *
 * An issue that was merged into another is answered with that other one.
 */
export async function resolveIssue(
  client: Client,
  name: string,
  options: ResolveOptions,
): Promise<FoundIssue> {
  const id = /^\d+$/.test(name) ? name : await findShortId(client, name, options);
  const { server, detail } = await readIssue(client, id, { ...options, name });
  return { server, ...toIssue(detail, id) };
}

/** As {@linkcode resolveIssue}, but gives nothing for an issue that is not there. */
export async function findIssue(
  client: Client,
  id: string,
  options: ResolveOptions,
): Promise<FoundIssue | undefined> {
  try {
    return await resolveIssue(client, id, options);
  } catch (error) {
    if (isDecantError(error) && error.code === "SENTRY_NOT_FOUND") return undefined;
    throw error;
  }
}

/** Takes the issue and its project out of what a server says of it. */
export function toIssue(detail: JsonObject, id = ""): Omit<FoundIssue, "server"> {
  const shortId = textOf(detail["shortId"]);
  const project = isObject(detail["project"]) ? detail["project"] : {};
  const slug = textOf(project["slug"]);
  const projectId = textOf(project["id"]);
  return {
    issue: { id: textOf(detail["id"]) ?? id, ...(shortId !== undefined && { shortId }) },
    ...(slug !== undefined && {
      project: { slug, ...(projectId !== undefined && { id: projectId }) },
    }),
  };
}

async function readIssue(
  client: Client,
  id: string,
  options: ResolveOptions & { readonly name: string },
): Promise<{ server: Server; detail: JsonObject }> {
  const { server, name, signal } = options;
  const places = server.kind === "sentry" && server.org !== undefined ? [true, false] : [false];
  let failure: unknown;
  for (const orgIssues of places) {
    // sentry.io does not know which region such an address is in.
    if (!orgIssues && failure !== undefined && isSentryIo(server.origin)) break;
    const place = { ...server, orgIssues };
    try {
      const detail = await client.get({
        origin: server.origin,
        path: issuePath(place, id),
        lane: "default",
        subject: { name: `issue "${name}"`, scope: "event:read", hint: hintFor(server) },
        parse: parseObject,
        signal,
      });
      return { server: place, detail };
    } catch (error) {
      if (!isDecantError(error) || error.code !== "SENTRY_NOT_FOUND") throw error;
      failure ??= error;
    }
  }
  throw failure;
}

function hintFor({ org }: Server): string {
  return org === undefined
    ? "Check the id, and name the organisation with --org."
    : `Check the id, and that the issue belongs to organisation "${org}".`;
}

async function findShortId(client: Client, name: string, options: ResolveOptions): Promise<string> {
  const { server, signal } = options;
  if (server.org === undefined) {
    throw new DecantError(
      "SENTRY_AMBIGUOUS",
      `Cannot find issue "${name}": a short id belongs to an organisation`,
      { kind: "usage", hint: "Name the organisation with --org, or give the number of the issue." },
    );
  }
  if (server.kind === "glitchtip") return searchShortId(client, name, options);
  const found = await client.get({
    origin: server.origin,
    path: orgPath(server, "shortids", name),
    lane: "default",
    subject: { name: `issue "${name}"`, scope: "event:read", hint: hintFor(server) },
    parse: parseObject,
    signal,
  });
  return textOf(found["groupId"]) ?? name;
}

/** GlitchTip cannot look a short id up, so its list is searched. */
async function searchShortId(
  client: Client,
  name: string,
  { server, signal }: ResolveOptions,
): Promise<string> {
  const subject = { name: `issue "${name}"`, scope: "event:read", hint: hintFor(server) };
  const pages = client.pages({
    origin: server.origin,
    path: orgPath(server, "issues"),
    params: { query: "", sort: kinds.glitchtip.issueSort, limit: "100" },
    lane: "issues",
    subject,
    parse: parseObjects,
    signal,
  });
  for await (const { value } of pages) {
    const issue = value.find((one) => textOf(one["shortId"])?.toLowerCase() === name.toLowerCase());
    const id = textOf(issue?.["id"]);
    if (id !== undefined) return id;
  }
  throw new DecantError(
    "SENTRY_NOT_FOUND",
    `Cannot read ${subject.name}: no issue has this short id`,
    {
      kind: "usage",
      hint: subject.hint,
    },
  );
}
