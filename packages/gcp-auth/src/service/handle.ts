import { type Answer, jsonAnswer, textAnswer } from "./answer.ts";
import { answerSimpleToken } from "./answer-token.ts";
import type { Guard } from "./create-guard.ts";
import type { Metrics } from "./create-metrics.ts";
import type { Target } from "./create-recent-answers.ts";
import type { TokenStore } from "./create-token-store.ts";
import type { Tokens } from "./create-tokens.ts";
import type { Waits } from "./create-waits.ts";
import { etag } from "./etag.ts";
import type { MetadataFolder } from "./metadata-node.ts";
import type { RequestInfo, TokenServiceRequest } from "./options.ts";
import { notFound, readMetadata } from "./read-metadata.ts";
import { refuse, refuseForError } from "./refuse.ts";
import type { Account } from "./resolve-accounts.ts";

/** All that a service is made of. */
export interface ServiceState {
  readonly accounts: readonly Account[];
  readonly guard: Guard;
  readonly metrics: Metrics;
  /** What the metadata server tells. */
  readonly root: MetadataFolder;
  readonly store: TokenStore;
  readonly tokens: Tokens;
  /** Whether the last token that was asked for was got. */
  readonly upstream: { readonly ok: boolean };
  readonly waits: Waits;
}

/** A request that came in. */
interface Incoming {
  readonly request: TokenServiceRequest;
  readonly target: Target;
  readonly info: RequestInfo;
  /** The present, in milliseconds since 1970. */
  readonly time: number;
}

/** Answers one request. What nobody expected is an answer too, and tells nothing. */
export async function handle(state: ServiceState, incoming: Incoming): Promise<Answer> {
  const { request, target, info, time } = incoming;
  try {
    const checked = state.guard(request, { ...info, path: target.path });
    // To wait for what is there already costs more than the check.
    const refusal = checked instanceof Promise ? await checked : checked;
    if (refusal) return complete(refusal);
    const { answer } = target;
    if (answer && time < answer.freshUntil!) return answer;
    return complete(await route(state, incoming));
  } catch (error) {
    return complete(refuseForError(error, 1_000));
  }
}

/** Adds the headers that Google's metadata server gives all its answers. */
function complete(answer: Answer): Answer {
  return {
    ...answer,
    headers: {
      "metadata-flavor": "Google",
      server: "Metadata Server for VM",
      etag: etag(answer.body),
      "x-content-type-options": "nosniff",
      "x-frame-options": "SAMEORIGIN",
      "x-xss-protection": "0",
      ...answer.headers,
    },
  };
}

function route(state: ServiceState, { request, target, info }: Incoming): Answer | Promise<Answer> {
  const { url, path: pathname } = target;
  if (pathname === "/healthz") {
    return jsonAnswer(`${JSON.stringify({ status: state.upstream.ok ? "ok" : "degraded" })}\n`);
  }
  if (pathname === "/metrics") {
    const gauges = { tokens: state.store.size(), waiting: state.waits.count() };
    return textAnswer(state.metrics.write(gauges), "text/plain; version=0.0.4; charset=utf-8");
  }
  if (pathname === "/token") return simpleToken(state, url.searchParams, info);
  if (pathname === "/" || /^\/computeMetadata(\/|$)/.test(pathname)) {
    return readMetadata(state.root, { url, info, request, waits: state.waits });
  }
  return notFound();
}

async function simpleToken(
  { accounts, tokens }: ServiceState,
  params: URLSearchParams,
  info: RequestInfo,
): Promise<Answer> {
  const name = params.get("account") ?? "default";
  const account = name === "default" ? accounts[0] : accounts.find(({ email }) => email === name);
  if (!account) {
    return refuse(404, { code: "account_unknown", message: "There is no such account here." });
  }
  return answerSimpleToken(await tokens.access({ account, params, info }));
}
