import { type DecantOptions, type Running, startDecant } from "./decant.ts";

/** A token service that listens. */
export interface Service extends Running {
  /** As it says itself: `http://HOST:PORT` or `unix:PATH`. */
  readonly place: string;
}

/** Starts `decant auth gcp serve`, and waits until it listens. */
export async function startService(
  args: readonly string[],
  options: DecantOptions,
): Promise<Service> {
  const running = startDecant(["auth", "gcp", "serve", ...args], options);
  let said = "";
  const place = await new Promise<string>((resolve, reject) => {
    running.child.stderr?.on("data", (chunk: Buffer) => {
      said += chunk;
      const [, where] = /^Serving tokens on (.+)\n/m.exec(said) ?? [];
      if (where !== undefined) resolve(where);
    });
    running.ended.then(({ stderr }) => reject(new Error(stderr)), reject);
  });
  return { ...running, place };
}
