import { isDecantError } from "@decant/core";

/** Leaves a server alone for a while. */
export interface Pause {
  /** Begins a pause, a longer one each time, and as long as the error asks for. */
  begin(error?: unknown): void;
  /** Ends it: all is well. */
  end(): void;
  /** How long it still lasts, in milliseconds; 0 if there is none. */
  leftMs(): number;
}

const longestMs = 30_000;
const longestAskedMs = 60_000;

/** Makes pauses of 1 s, 2 s and so on up to 30 s, a little shorter by chance. */
export function createPause({ now, random }: { now(): number; random(): number }): Pause {
  let until = 0;
  let count = 0;
  return {
    begin(error) {
      const asked = (isDecantError(error) && error.retryAfterMs) || 0;
      const usual = Math.min(1_000 * 2 ** count, longestMs) * (0.75 + 0.25 * random());
      until = now() + Math.min(Math.max(asked, usual), longestAskedMs);
      count++;
    },
    end() {
      until = 0;
      count = 0;
    },
    leftMs() {
      const left = until - now();
      // After a clock was put back, a pause must not last as long as that.
      return left > longestAskedMs ? 0 : Math.max(0, left);
    },
  };
}
