import { useSyncExternalStore } from 'react';
import { useFormats } from '../words/formats.ts';

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** The present time, one clock for the whole page, once a second while somebody looks. */
export function useNow(): number {
  return useSyncExternalStore(listen, () => now);
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const one of listeners) one();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** "5 minutes ago", with the exact local time as its title. */
export function Ago({ at }: { at: number }) {
  const formats = useFormats();
  return <time dateTime={new Date(at).toISOString()} title={formats.moment(at)}>{formats.ago(at, useNow())}</time>;
}

/** "in 5 minutes", with the exact local time as its title. */
export function In({ at }: { at: number }) {
  const formats = useFormats();
  return <time dateTime={new Date(at).toISOString()} title={formats.moment(at)}>{formats.until(at, useNow())}</time>;
}

/** A duration that counts on while there is no end. */
export function Lasting({ from, to }: { from: number; to: number | null }) {
  return to === null ? <Counting from={from} /> : <Duration ms={to - from} />;
}

function Counting({ from }: { from: number }) {
  return <Duration ms={Math.floor(Math.max(0, useNow() - from) / 1000) * 1000} />;
}

export function Duration({ ms }: { ms: number }) {
  return <span>{useFormats().duration(Math.max(0, ms))}</span>;
}
