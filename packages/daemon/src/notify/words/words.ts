import type { ChannelLanguage, NewsKind, WatchedAlertKind } from '@redcontrol/contract';
import type { News } from '../news/news.ts';
import { english } from './english.ts';
import { russian } from './russian.ts';

/** All that messages say, in one language. Numbers come with the right form of their noun. */
export interface Words {
  titles: Record<NewsKind, (of: { project: string; ref: string; environments: string; release: string; job: string; process: string; alert: News['alert'] }) => string>;
  /** What an alert measured: at its begin and at its end. */
  measured(of: { kind: WatchedAlertKind; value: string; limit: string }): string;
  failedStep(name: string): string;
  failedTests: string;
  andMore: string;
  /** Commit and author under a title. */
  commit(of: { id: string; message: string; author: string }): string;
  showLog(run: number): string;
  happenedAt(time: string): string;
  test: { title(of: { project: string; channel: string }): string; body: string };
  status: {
    queued: string;
    running: string;
    passed(took: string): string;
    live(of: { environments: string; took: string }): string;
    failed(step: string): string;
    broken(error: string): string;
    cancelled: string;
    superseded: string;
  };
}

const languages: Record<ChannelLanguage, Words> = { en: english, ru: russian };

export function wordsOf(language: ChannelLanguage): Words {
  return languages[language];
}
