import type { GoogleReply } from "./google-call.ts";
import { createGoogleCredentials } from "./google-credential-files.ts";
import {
  createGoogleFaults,
  failureReply,
  type GoogleFaults,
  spoilReply,
} from "./google-faults.ts";
import { createMutualTls } from "./google-mutual-tls.ts";
import type { GoogleOptions } from "./google-options.ts";
import { googleRoutes } from "./google-routes.ts";
import type { GoogleRequest, GoogleSimulator } from "./google-simulator.ts";
import { subjectToken } from "./google-subject-token.ts";
import { listenTls } from "./google-tls-front.ts";
import { createGoogleWorld, type GoogleWorld } from "./google-world.ts";
import { type Incoming, listen, type Reply } from "./loopback-server.ts";
import { html, isRefusal } from "./reply.ts";

/**
 * Starts Google's endpoints for credentials on loopback: OAuth tokens and their end, the security
 * token service, impersonation, keys of identity tokens, the metadata server, and AWS's beside it.
 * All that they are sent is verified for real, and refused in Google's words.
 *
 * @returns The running server. Close it, or bind it with `await using`.
 * @throws {Error} when the port is taken.
 *
 * @example
 * ```ts
 * import { startGoogle } from "@decant/simulator";
 *
 * const google = await startGoogle({ expiresIn: 600 });
 * console.log(google.tokenUri, google.key.client_email);
 * await google.close();
 * ```
 */
export async function startGoogle(options: GoogleOptions = {}): Promise<GoogleSimulator> {
  const { now = Date.now, port } = options;
  const log: GoogleRequest[] = [];
  const faults = createGoogleFaults(options);
  let world: GoogleWorld | undefined;
  const server = await listen(
    async (request) => {
      const { verified, ...reply } = await answer(request, { world: world!, faults });
      const { method, path } = request;
      const about = verified ? { verified } : {};
      log.push({ method, path, status: reply.status, at: now(), ...about });
      return reply;
    },
    { port, now },
  );
  const tls = options.mutualTls ? await listenMutually(server.url, now()) : undefined;
  world = await createGoogleWorld(options, { url: server.url, mutualTls: tls });
  const { url, account, accounts, issued } = world;
  const close = async () => {
    await Promise.all([tls?.close(), server.close()]);
  };
  return {
    ...{ url, host: new URL(url).host, tokenUri: account.key.token_uri, key: account.key },
    ...{ accounts, issued, log, close, fail: faults.set, [Symbol.asyncDispose]: close },
    ...createGoogleCredentials(world),
    ...(tls ? { certificates: tls.client } : {}),
    subjectToken: (changes) => subjectToken(world, changes),
  };
}

async function listenMutually(url: string, now: number) {
  const mutualTls = await createMutualTls(now);
  return { ...mutualTls, ...(await listenTls(mutualTls.server, new URL(url))) };
}

interface Context {
  readonly world: GoogleWorld;
  readonly faults: GoogleFaults;
}

async function answer(request: Incoming, { world, faults }: Context): Promise<GoogleReply> {
  const failure = faults.next(request.path);
  const failed = failure && failureReply(failure);
  if (failed) return failed;
  const reply = await handle(request, world).catch(refused);
  return failure ? spoilReply(reply, failure, world.options.delayMs ?? 1_000) : reply;
}

async function handle(request: Incoming, world: GoogleWorld): Promise<GoogleReply> {
  for (const { method = request.method, path, handle } of googleRoutes) {
    const match = method === request.method && path.exec(request.url.pathname);
    if (!match) continue;
    return handle({ request, world, params: match.slice(1).map(decode) });
  }
  return html(404, { title: "Error 404 (Not Found)!!1" });
}

function decode(part = ""): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function refused(error: unknown): Reply {
  if (isRefusal(error)) return error.refusal;
  throw error;
}
