import type { CallContext } from "./call.ts";
import { createObjectCalls } from "./object-calls.ts";
import type { Store } from "./store.ts";
import { createUploadCalls } from "./upload-calls.ts";

/** Makes a bucket of the requests that the sink needs. */
export function createStore(context: CallContext): Store {
  return {
    bucket: context.bucket,
    options: context.options,
    ...createObjectCalls(context),
    ...createUploadCalls(context),
    close: () => context.client.destroy(),
  };
}
