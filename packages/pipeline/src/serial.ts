/** Runs a task when those before it have ended. */
export type Serial = <T>(task: () => Promise<T>) => Promise<T>;

/**
 * Makes a queue of one. After a task failed, those behind it fail alike, since what they build on
 * is in no known state.
 *
 * @param onFailure Called with the first failure.
 */
export function createSerial(onFailure: (error: unknown) => void): Serial {
  let tail: Promise<unknown> = Promise.resolve();
  let failed: { readonly error: unknown } | undefined;

  async function run<T>(task: () => Promise<T>): Promise<T> {
    if (failed) throw failed.error;
    try {
      return await task();
    } catch (error) {
      failed = { error };
      onFailure(error);
      throw error;
    }
  }

  return (task) => {
    const result = tail.then(() => run(task));
    tail = result.catch(() => {});
    return result;
  };
}
