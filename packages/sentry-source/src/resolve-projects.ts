import { DecantError, isDecantError } from "@decant/core";
import type { Client } from "./create-client.ts";
import { parseObject, parseObjects, textOf } from "./parse-json.ts";
import { orgPath, projectPath, type Server } from "./server.ts";
import type { ProjectRef } from "./slice-args.ts";

interface ResolveOptions {
  readonly server: Server;
  readonly signal: AbortSignal;
}

/**
 * Finds projects by slug or id.
 *
 * @param names Empty: all that the token can see.
 */
export async function resolveProjects(
  client: Client,
  names: readonly string[],
  options: ResolveOptions,
): Promise<ProjectRef[]> {
  const known = await listProjects(client, options, names.length === 0);
  if (names.length === 0) return known ?? [];
  const found = names.map((name) => {
    const project = known?.find(({ slug, id }) => slug === name || id === name);
    return project ?? readProject(client, name, { ...options, known });
  });
  return [...new Map((await Promise.all(found)).map((one) => [one.slug, one])).values()];
}

/** Refuses to look for what belongs to an organisation that nobody named. */
export function checkOrg({ org }: Server): void {
  if (org !== undefined) return;
  throw new DecantError("SENTRY_AMBIGUOUS", "Cannot find projects: no organisation was named", {
    kind: "usage",
    hint: "Name the organisation with --org.",
  });
}

async function listProjects(
  client: Client,
  { server, signal }: ResolveOptions,
  needed: boolean,
): Promise<ProjectRef[] | undefined> {
  const projects: ProjectRef[] = [];
  try {
    const pages = client.pages({
      origin: server.origin,
      path: orgPath(server, "projects"),
      params: { per_page: "100", limit: "100" },
      lane: "default",
      subject: { name: `the projects of organisation "${server.org}"`, scope: "org:read" },
      parse: parseObjects,
      signal,
    });
    for await (const { value } of pages) {
      for (const project of value) {
        const slug = textOf(project["slug"]);
        const id = textOf(project["id"]);
        if (slug !== undefined) projects.push({ slug, ...(id !== undefined && { id }) });
      }
    }
    return projects;
  } catch (error) {
    if (!needed && isDecantError(error) && error.code === "SENTRY_FORBIDDEN") return undefined;
    throw error;
  }
}

/** Asks for one project. The answer also tells the new name of one that was renamed. */
async function readProject(
  client: Client,
  name: string,
  { server, signal, known }: ResolveOptions & { readonly known: readonly ProjectRef[] | undefined },
): Promise<ProjectRef> {
  try {
    const detail = await client.get({
      origin: server.origin,
      path: projectPath(server, name),
      lane: "default",
      subject: { name: `project "${name}"`, scope: "project:read", hint: hintFor(server, known) },
      parse: parseObject,
      signal,
    });
    const id = textOf(detail["id"]);
    return { slug: textOf(detail["slug"]) ?? name, ...(id !== undefined && { id }) };
  } catch (error) {
    // A token that may read events alone is told nothing of projects.
    if (known === undefined && isDecantError(error) && error.code === "SENTRY_FORBIDDEN") {
      return { slug: name };
    }
    throw error;
  }
}

function hintFor({ org }: Server, known: readonly ProjectRef[] = []): string {
  const slugs = known.map(({ slug }) => slug).sort();
  const shown = slugs.slice(0, 20).join(", ") + (slugs.length > 20 ? ", ..." : "");
  return `Check its name.${shown && ` Of organisation "${org}" the token can see ${shown}.`}`;
}
