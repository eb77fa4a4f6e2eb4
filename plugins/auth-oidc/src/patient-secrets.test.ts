import { DecantError, type SecretStore } from "@decant/core";
import { expect, test } from "vitest";
import { patientSecrets } from "./patient-secrets.ts";
import { memoryStore } from "./testing/open.ts";

const full = new DecantError("SECRET_STORE_FAILED", "Cannot keep a secret: ENOSPC", {
  kind: "usage",
});
const exposed = new DecantError("SECRET_STORE_EXPOSED", "Cannot use it", { kind: "credentials" });

/** A store that fails before or after a secret was changed. */
function failing(when: "before" | "after", error: Error): SecretStore {
  return {
    get: async () => "old",
    async update(_, change) {
      if (when === "after") await change("old");
      throw error;
    },
  };
}

function setUp(store: SecretStore | undefined) {
  const told: string[] = [];
  return { told, secrets: patientSecrets({ store, tell: (line) => void told.push(line) }) };
}

test("patientSecrets() is the store where that works", async () => {
  const store = memoryStore();
  const { told, secrets } = setUp(store);
  await secrets.update("a", async (old) => `${old} new`);
  expect([store.secrets.get("a"), await secrets.get("a"), told]).toEqual([
    ...["undefined new", "undefined new", []],
  ]);
  const failure = new Error("no");
  await expect(secrets.update("a", () => Promise.reject(failure))).rejects.toBe(failure);
});

test.each(["before", "after"] as const)(
  "patientSecrets() goes on in memory where a store fails %s the change, and tells it once",
  async (when) => {
    const { told, secrets } = setUp(failing(when, full));
    let changes = 0;
    const change = async (old: string | undefined) => {
      changes++;
      return `${old} new`;
    };
    await secrets.update("a", change);
    await secrets.update("a", change);
    expect(await secrets.get("a")).toBe("old new new");
    expect(changes).toBe(2);
    expect(told).toEqual(["The sign-in will have to be repeated. Cannot keep a secret: ENOSPC."]);
  },
);

test("patientSecrets() needs no place to write to where nothing changes", async () => {
  const { told, secrets } = setUp(failing("before", full));
  await secrets.update("a", async (old) => old);
  expect([await secrets.get("a"), told]).toEqual(["old", []]);
});

test("patientSecrets() does not go past a secret that others may have read", async () => {
  const { told, secrets } = setUp(failing("before", exposed));
  await expect(secrets.update("a", async () => "new")).rejects.toBe(exposed);
  expect(told).toEqual([]);
});

test("patientSecrets() keeps secrets in memory for a host without a store", async () => {
  const { told, secrets } = setUp(undefined);
  await secrets.update("a", async () => "new");
  expect([await secrets.get("a"), told]).toEqual(["new", []]);
});
