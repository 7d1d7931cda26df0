/** Which containers run and do not answer, as one look after the other saw it. Nothing of it is stored: after a start of the daemon it begins anew. */
export interface HangWatch {
  /** Takes what a look saw of a container; `process` is the name over all environments. Answers whether it is to be started anew now. */
  see(container: string, look: { process: string; answers: boolean; hasOthers: boolean; now: number }): boolean;
  /** Containers that are gone are forgotten. */
  keepOnly(containers: ReadonlySet<string>): void;
}

/** So long a container has to be silent. */
export const hungAfterMs = 20_000;
/** A process is started anew so often in this time; what hangs on then has another cause. */
export const hangWindowMs = 900_000;
export const hangCount = 3;

/** `hasOthers`: another instance of the process answers. Where none does, the cause is mostly elsewhere, and a restart would only take away what is left. */
export function createHangWatch(): HangWatch {
  const silent = new Map<string, number>();
  const restarts = new Map<string, number[]>();
  return {
    see(container, { process, answers, hasOthers, now }) {
      if (answers) {
        silent.delete(container);
        return false;
      }
      const since = silent.get(container) ?? now;
      silent.set(container, since);
      const recent = (restarts.get(process) ?? []).filter((at) => now - at < hangWindowMs);
      if (now - since < hungAfterMs || !hasOthers || recent.length >= hangCount) return false;
      restarts.set(process, [...recent, now]);
      silent.delete(container);
      return true;
    },
    keepOnly(containers) {
      for (const container of silent.keys()) if (!containers.has(container)) silent.delete(container);
    },
  };
}
