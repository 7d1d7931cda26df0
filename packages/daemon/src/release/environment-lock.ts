const held = new Map<string, Promise<void>>();

/** Runs one task at a time per key, in the order of asking. */
export async function withLock<T>(key: string, task: () => Promise<T>): Promise<T> {
  const before = held.get(key) ?? Promise.resolve();
  let release = () => {};
  const mine = new Promise<void>((resolve) => {
    release = resolve;
  });
  const chain = before.then(() => mine);
  held.set(key, chain);
  await before;
  try {
    return await task();
  } finally {
    release();
    if (held.get(key) === chain) held.delete(key);
  }
}
