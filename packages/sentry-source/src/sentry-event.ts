/** What happens while a source is read, for progress and debugging. Never holds a secret. */
export type SentryEvent =
  | {
      readonly type: "request";
      readonly method: string;
      /** With its query. */
      readonly path: string;
      readonly status: number;
      /** Until the headers were there. */
      readonly ms: number;
    }
  | {
      /** A wait before another try, or for a limit of the server: then one for all that wait. */
      readonly type: "wait";
      readonly ms: number;
      readonly reason: string;
    };
