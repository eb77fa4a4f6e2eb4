import { isDecantError, type SecretStore } from "@decant/core";

/** Where secrets are kept. */
export interface PatientSecretsOptions {
  /** Absent: the host keeps none. */
  readonly store: SecretStore | undefined;
  /** Told when a secret will be lost with this process. */
  readonly tell: ((message: string) => void) | undefined;
}

/**
 * A store that never fails for want of a place to write to: it keeps the secret in memory then, since
 * the one on disk may be of no use any more.
 */
export function patientSecrets({ store, tell }: PatientSecretsOptions): SecretStore {
  const unsaved = new Map<string, string | undefined>();
  const get: SecretStore["get"] = async (name) =>
    unsaved.has(name) ? unsaved.get(name) : await store?.get(name);

  async function changeInMemory(name: string, change: Parameters<SecretStore["update"]>[1]) {
    unsaved.set(name, await change(await get(name)));
  }

  return {
    get,
    async update(name, change, options) {
      if (!store || unsaved.has(name)) return await changeInMemory(name, change);
      let begun = false;
      let changed: { readonly secret: string | undefined } | undefined;
      try {
        await store.update(
          name,
          async (old) => {
            begun = true;
            changed = { secret: await change(old) };
            return changed.secret;
          },
          options,
        );
      } catch (error) {
        if (changed) {
          unsaved.set(name, changed.secret);
          tell?.(`The sign-in will have to be repeated. ${(error as Error).message}.`);
        } else if (!begun && isDecantError(error) && error.kind === "usage") {
          const before = await get(name);
          await changeInMemory(name, change);
          if (unsaved.get(name) === before) unsaved.delete(name);
          else tell?.(`The sign-in will have to be repeated. ${error.message}.`);
        } else throw error;
      }
    },
  };
}
