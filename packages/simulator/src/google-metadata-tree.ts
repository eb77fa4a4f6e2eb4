import type { GoogleReply } from "./google-call.ts";
import { identityLeaf, machineName, tokenLeaf } from "./google-metadata-tokens.ts";
import { type GoogleWorld, project } from "./google-world.ts";

/** A value that is made when it is asked for; listings name it, recursive ones leave it out. */
type MetadataAction = (query: URLSearchParams) => Promise<GoogleReply>;

/** Text, a list, an action, or a folder of these. */
export type MetadataNode = string | readonly string[] | MetadataAction | MetadataFolder;

/** Entries by name. */
export interface MetadataFolder {
  readonly [name: string]: MetadataNode;
}

/** All that a machine can read of itself (https://cloud.google.com/compute/docs/metadata). */
export function metadataTree(world: GoogleWorld): MetadataFolder {
  const { machine } = world;
  const { id, name, zone } = machineName;
  const place = `projects/${project.number}`;
  return {
    instance: {
      attributes: machine.attributes,
      hostname: `${name}.${zone}.c.${project.id}.internal`,
      id,
      "machine-type": `${place}/machineTypes/e2-small`,
      name,
      preempted: "FALSE",
      "service-accounts": machine.serviceAccount ? serviceAccounts(world) : {},
      tags: [],
      zone: `${place}/zones/${zone}`,
    },
    project: {
      attributes: {},
      "numeric-project-id": project.number,
      "project-id": project.id,
    },
    universe: { "universe-domain": world.universeDomain },
  };
}

/** Whether a node has entries. */
export function isFolder(node: MetadataNode): node is MetadataFolder {
  return typeof node === "object" && !Array.isArray(node);
}

/** What is at a path, which may have a slash at its end. */
export function findNode(root: MetadataFolder, path: string): MetadataNode | undefined {
  let node: MetadataNode | undefined = root;
  for (const name of path.split("/").filter(Boolean)) {
    node = isFolder(node) && Object.hasOwn(node, name) ? node[name] : undefined;
    if (node === undefined) return undefined;
  }
  return node;
}

function serviceAccounts(world: GoogleWorld): MetadataFolder {
  const email = world.accounts.machine;
  const account: MetadataFolder = {
    aliases: ["default"],
    email,
    identity: (query) => identityLeaf(world, query),
    scopes: world.machine.scopes,
    token: (query) => tokenLeaf(world, query),
  };
  return { [email]: account, default: account };
}
