import assert from 'node:assert/strict';

export interface AnswerWatch {
  stop(): Promise<{ answers: string[]; lost: number }>;
}

/** Asks an app all the time; a request that gets no answer, or one that is not 200, is lost. */
export function watchAnswers(url: string): AnswerWatch {
  const answers: string[] = [];
  let lost = 0;
  let stopped = false;
  const done = (async () => {
    while (!stopped) {
      try {
        const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
        answers.push(await response.text());
        if (response.status !== 200) lost += 1;
      } catch {
        lost += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  })();
  return {
    async stop() {
      stopped = true;
      await done;
      assert.ok(answers.length > 0);
      return { answers, lost };
    },
  };
}
