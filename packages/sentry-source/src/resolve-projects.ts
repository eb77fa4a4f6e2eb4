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
  if (options.server.org === undefined) {
    throw new DecantError("SENTRY_AMBIGUOUS", "Cannot find projects: no organisation was named", {
      kind: "usage",
      hint: "Name the organisation with --org.",
    });
  }
  const known = await listProjects(client, options, names.length === 0);
  if (names.length === 0) return known ?? [];
  // A token without org:read cannot list projects, and may still read the one that is named.
  if (known === undefined) return names.map((slug) => ({ slug }));
  const found = names.map((name) => {
    const project = known.find(({ slug, id }) => slug === name || id === name);
    return project ?? whyNoProject(client, name, { ...options, known });
  });
  return [...new Map((await Promise.all(found)).map((one) => [one.slug, one])).values()];
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

/** The server knows the new name of a project that was renamed; all others are not there. */
async function whyNoProject(
  client: Client,
  name: string,
  { server, signal, known }: ResolveOptions & { readonly known: readonly ProjectRef[] },
): Promise<ProjectRef> {
  const slugs = known.map(({ slug }) => slug).sort();
  const shown = slugs.slice(0, 20).join(", ") + (slugs.length > 20 ? ", ..." : "");
  const detail = await client.get({
    origin: server.origin,
    path: projectPath(server, name),
    lane: "default",
    subject: {
      name: `project "${name}"`,
      scope: "project:read",
      hint: `Check its name. Organisation "${server.org}" has ${shown || "no projects that the token can see"}.`,
    },
    parse: parseObject,
    signal,
  });
  const id = textOf(detail["id"]);
  return { slug: textOf(detail["slug"]) ?? name, ...(id !== undefined && { id }) };
}
