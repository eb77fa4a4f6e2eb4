import type { Session } from "./connect.ts";

/**
 * Begins a transaction, on a new connection if the one before was lost meanwhile: no transaction knows
 * of others. Its commit waits for the disk even where the server is set not to, and a lock
 * that somebody holds is waited for no longer than a minute where nobody has set another time.
 */
export async function begin(session: Session): Promise<void> {
  await session.revive();
  await session.query(`BEGIN;
    SELECT set_config('synchronous_commit', 'on', true)
      WHERE current_setting('synchronous_commit') = 'off';
    SELECT set_config('lock_timeout', '60s', true) WHERE current_setting('lock_timeout') = '0'`);
}

/** Runs a task in a transaction of its own. After a failure the connection is of no more use. */
export async function inTransaction<T>(session: Session, task: () => Promise<T>): Promise<T> {
  await begin(session);
  const result = await task();
  await session.query("COMMIT");
  return result;
}
