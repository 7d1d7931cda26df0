const attempts = 4;
const firstWaitMs = 200;

/** Tries something that may fail for a moment, a few times. Throws its last failure. */
export async function again<T>(load: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await load();
    } catch (failure) {
      if (attempt === attempts) throw failure;
      await new Promise((resolve) => setTimeout(resolve, firstWaitMs * 2 ** attempt));
    }
  }
}
