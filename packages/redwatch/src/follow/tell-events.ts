import type { RedControlEvent } from '@redcontrol/contract';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import { messageOf, summaryOf, type Message } from '../notices/message.ts';
import type { HeldStore } from '../notices/held-store.ts';
import { noticeOf, type Notice } from '../notices/notice.ts';
import { isQuiet, passesFilters } from '../notices/passes-filters.ts';
import type { Filters } from '../settings/settings.ts';
import type { Words } from '../words/words.ts';
import { failureDetails } from './failure-details.ts';

/** More than so many at once are summed up in one. */
const toldOneByOne = 3;

export interface Teller {
  /** Tells what the user wants to know of these events of one server. */
  tell(server: string, events: readonly RedControlEvent[], client: DaemonClient): Promise<void>;
  /** Tells what quiet hours held back, once they are over. */
  tellHeld(): Promise<void>;
}

/** Makes messages of events and shows them: by the filters, in words, few one by one and many summed up. */
export function createTeller(options: { words: Words; filters: Filters; now: () => Date; held: HeldStore; show: (message: Message) => Promise<void> }): Teller {
  const { words, filters, now, held, show } = options;
  return {
    async tell(server, events, client) {
      const notices: Notice[] = [];
      for (const event of events) {
        const notice = noticeOf(event, server);
        if (notice && passesFilters(await withAuthor(notice, filters, client), filters)) notices.push(notice);
      }
      if (notices.length === 0) return;
      if (isQuiet(now(), filters.quietHours)) return held.add(notices);
      if (notices.length > toldOneByOne) return show(summaryOf(notices, words));
      for (const notice of notices) {
        const failure = notice.kind === 'failed' && notice.runId !== null ? await failureDetails(client, notice.runId) : undefined;
        await show(messageOf(notice, words, failure));
      }
    },
    async tellHeld() {
      const notices = held.all();
      if (notices.length === 0 || isQuiet(now(), filters.quietHours)) return;
      await held.clear();
      await show(summaryOf(notices, words));
    },
  };
}

/** A release's event does not say whose commit it is; its run does. */
async function withAuthor(notice: Notice, { mine }: Filters, client: DaemonClient): Promise<Notice> {
  if (mine.length === 0 || notice.authorEmail !== undefined || notice.runId === null) return notice;
  const run = await client.call('run.show', { run: notice.runId }, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  return run ? { ...notice, authorEmail: run.authorEmail } : notice;
}
