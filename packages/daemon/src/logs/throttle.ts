/** Calls a function at once and then at most once an interval; a call in between is made up for at the interval's end. */
export function throttle(call: () => void, intervalMs: number): { call(): void; end(): void } {
  let timer: NodeJS.Timeout | undefined;
  let isDue = false;
  const run = () => {
    isDue = false;
    timer = setTimeout(() => {
      timer = undefined;
      if (isDue) run();
    }, intervalMs);
    timer.unref();
    call();
  };
  return {
    call() {
      if (timer) isDue = true;
      else run();
    },
    /** Makes up for a call that waits, now, and ends. */
    end() {
      clearTimeout(timer);
      timer = undefined;
      if (isDue) call();
      isDue = false;
    },
  };
}
