import type { OptionSpec } from "@decant/core";

/** What `serve` can be told, besides what its provider can. */
export const serveOptions: Readonly<Record<string, OptionSpec>> = {
  listen: {
    type: "string",
    summary: "Host and port, or unix: and the path of a socket",
    default: "127.0.0.1:8178",
  },
  "socket-mode": {
    type: "string",
    summary: "Who may connect to a socket: its owner, its group too, or all",
    choices: ["600", "660", "666"],
    default: "600",
  },
  "secret-file": {
    type: "string",
    summary: "File with the shared secret that clients must send",
  },
  scopes: { type: "strings", summary: "The scopes of a token when a client names none" },
  "allow-scopes": { type: "strings", summary: "The only scopes that clients get" },
  "allow-audiences": { type: "strings", summary: "The only audiences of identity tokens" },
  "allow-hosts": {
    type: "strings",
    summary: "Names, besides its own, by which clients may call it",
  },
  "rate-limit": {
    type: "integer",
    summary: "How many requests a second each client may make, for as long as it likes",
    min: 1,
  },
  "rate-burst": {
    type: "integer",
    summary: "How many requests a client may make at once; as many as --rate-limit unless given",
    min: 1,
  },
  "max-connections": {
    type: "integer",
    summary: "How many connections may be open at a time",
    min: 1,
    default: 5_000,
  },
  "max-tokens": {
    type: "integer",
    summary: "How many different tokens are kept in memory",
    min: 1,
    default: 1_000,
  },
  "account-email": {
    type: "string",
    summary: "The address of the account, where the credential does not tell it",
  },
  "project-id": {
    type: "string",
    summary: "The project that clients are told, where it is not the credential's",
  },
  "project-number": { type: "string", summary: "The number of that project" },
  "project-attribute": { type: "strings", summary: "A value of the project, as NAME=VALUE" },
  "instance-id": { type: "string", summary: "The number of the machine that clients are told" },
  "instance-name": { type: "string", summary: "The name of that machine" },
  "instance-zone": { type: "string", summary: "Its zone, such as europe-west3-a" },
  "instance-hostname": { type: "string", summary: "Its name in the network" },
  "instance-attribute": {
    type: "strings",
    summary: "A value of the machine, as NAME=VALUE, such as cluster-name=demo",
  },
};
