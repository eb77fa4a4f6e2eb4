import { escapeControls, isDecantError, isLoopback } from "@decant/core";
import * as oauth from "oauth4webapi";
import { answerError } from "./answer-flaw.ts";
import { clientOf } from "./client-auth.ts";
import { oidcError } from "./oidc-error.ts";
import { refusalError } from "./refusal-error.ts";
import { requestOf, requestTokens } from "./request-tokens.ts";
import type { Answer } from "./send.ts";
import type { Server } from "./server.ts";
import type { Session } from "./session.ts";

/** What a person is asked to allow. */
export interface SignInOptions {
  readonly server: Server;
  /** What to ask for in all. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** What of it the first token is for. */
  readonly target: readonly (readonly [name: string, value: string])[];
  readonly signal: AbortSignal;
}

const action = "sign in at";
/** How long to wait between two questions, in seconds, where the server does not say (RFC 8628, section 3.2). */
const usualInterval = 5;
const shortestIntervalMs = 100;
/** Nobody waits for longer, whatever the server says. */
const longestWaitMs = 3_600_000;

/**
 * Lets a person sign in elsewhere (RFC 8628): shows an address and a code, and asks the server until
 * it was done.
 *
 * @returns The answer with the tokens.
 * @throws {DecantError} `OIDC_LOGIN_DENIED`, `OIDC_LOGIN_EXPIRED`, `OIDC_HOST_UNABLE`, or as requests do.
 */
export async function signIn(session: Session, options: SignInOptions): Promise<Answer> {
  const { settings, tell } = session;
  if (!tell) {
    throw oidcError(settings.server, {
      ...{ code: "OIDC_HOST_UNABLE", action, state: "there is no way to show the code" },
      hint: "Sign in with the program decant first, or choose another grant.",
    });
  }
  const device = await requestCode(session, options);
  show(session, device);
  return await waitForPerson(session, { ...options, device });
}

async function requestCode(session: Session, { server, parameters, signal }: SignInOptions) {
  const all = new URLSearchParams(
    [...session.settings.parameters, ...parameters].map((p) => [...p]),
  );
  const { metadata } = server;
  const answer = await requestOf(session, {
    ...{ server, signal, action, endpoint: "device_authorization_endpoint" },
    ask: (proof, client, options) =>
      oauth.deviceAuthorizationRequest(metadata, client, proof, all, options),
  });
  if (answer.refusal) throw refusalError(answer, session, action);
  try {
    return await oauth.processDeviceAuthorizationResponse(
      ...[metadata, clientOf(session), answer.response],
    );
  } catch {
    throw answerError(session, "it gives no code to sign in with");
  }
}

type Device = oauth.DeviceAuthorizationResponse;

function show(session: Session, device: Device): void {
  const { user_code: code, verification_uri: address, verification_uri_complete: whole } = device;
  if (!isWebAddress(address)) throw answerError(session, "it gives no address to sign in at");
  const tell = (line: string) => session.tell?.(escapeControls(line));
  tell(`To sign in, open ${address} and enter the code ${code.slice(0, 64)}`);
  if (whole !== undefined && isWebAddress(whole)) {
    tell(`Or open ${whole} and see that it shows this code`);
  }
}

/** A person follows it, so it must not be a script or a file. */
function isWebAddress(address: string): boolean {
  const { protocol, hostname = "" } = URL.parse(address) ?? {};
  if (address.length > 2000) return false;
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}

async function waitForPerson(
  session: Session,
  { server, signal, device, target }: SignInOptions & { readonly device: Device },
): Promise<Answer> {
  const deadline = session.now() + Math.min(device.expires_in * 1000, longestWaitMs);
  let interval = Math.max(shortestIntervalMs, (device.interval ?? usualInterval) * 1000);
  while (session.now() + interval < deadline) {
    await session.sleep(interval, signal);
    const answer = await requestTokens(session, {
      ...{ server, signal, patient: false },
      grantType: "urn:ietf:params:oauth:grant-type:device_code",
      parameters: [["device_code", device.device_code], ...target],
    }).catch((error: unknown) => {
      if (!isDecantError(error) || !error.retryable) throw error;
      // RFC 8628, section 3.5, wants longer pauses then.
      interval = Math.max(interval * 2, error.retryAfterMs ?? 0);
      return undefined;
    });
    if (answer && !answer.refusal) return answer;
    if (answer?.refusal?.error === "slow_down") interval += 5000;
    else if (answer && answer.refusal?.error !== "authorization_pending") {
      throw refusalError(answer, session, action);
    }
  }
  throw oidcError(session.settings.server, {
    ...{ code: "OIDC_LOGIN_EXPIRED", action, state: "nobody entered the code in time" },
    hint: "Begin again, and enter the code in time.",
  });
}
