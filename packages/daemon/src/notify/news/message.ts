import type { ChannelLanguage } from '@redcontrol/contract';
import { wordsOf } from '../words/words.ts';
import type { News } from './news.ts';

/** News in words; each channel puts it into its own form. Plain text without any markup. */
export interface Message {
  /** Whether people have to act. */
  tone: 'good' | 'bad' | 'plain';
  title: string;
  lines: string[];
  /** Output of a program, shown as it is. */
  output: string[];
  links: { text: string; url: string }[];
}

/** What is told later than this says when it happened. */
const lateMs = 600_000;
const maxTests = 10;

export function messageOf(news: News, language: ChannelLanguage, now: number): Message {
  const words = wordsOf(language);
  const { project, ref = '', environments, release, job = '' } = news;
  const of = { project, ref, job, environments: environments.join(', '), release: release === undefined ? '' : `#${release}`, process: news.process ?? '', alert: news.alert };
  const tests = news.failedTests.slice(0, maxTests).map((name) => `• ${name}`);
  const { commit, message = '', author = '', failedStep, error, runId } = news;
  const isShown = news.lastLines.length > 0;
  return {
    tone: tones[news.kind],
    title: words.titles[news.kind](of),
    lines: [
      ...(commit !== undefined && message !== '' ? [words.commit({ id: commit.slice(0, 8), message, author })] : []),
      ...(failedStep === undefined ? [] : [words.failedStep(failedStep)]),
      ...(tests.length > 0 ? [words.failedTests, ...tests] : []),
      ...(news.failedTests.length > maxTests ? [words.andMore] : []),
      ...(news.alert ? [words.measured(news.alert)] : []),
      ...(error !== undefined && tests.length === 0 ? [error] : []),
      ...(news.kind === 'failed' && runId !== undefined ? [words.showLog(runId)] : []),
      ...(now - news.at > lateMs ? [words.happenedAt(`${new Date(news.at).toISOString().slice(0, 16).replace('T', ' ')} UTC`)] : []),
    ],
    output: isShown ? news.lastLines : [],
    links: news.links.map(({ name, url }) => ({ text: name, url })),
  };
}

/** The message that `redcontrol channel test` sends. */
export function testMessage(project: string, channel: string, language: ChannelLanguage): Message {
  const { test } = wordsOf(language);
  return { tone: 'plain', title: test.title({ project, channel }), lines: [test.body], output: [], links: [] };
}

const tones: Record<News['kind'], Message['tone']> = {
  passed: 'good', failed: 'bad', recovered: 'good', deployed: 'good', 'rolled-back': 'plain', waiting: 'bad', down: 'bad', up: 'good',
  'job-failed': 'bad', 'job-missed': 'bad', 'job-recovered': 'good', 'backup-failed': 'bad', 'crash-loop': 'bad', 'crash-loop-over': 'good', alert: 'bad', 'alert-over': 'good', 'source-unreachable': 'bad', 'certificate-failed': 'bad',
};

/** A message as plain text, for mail and programs. */
export function plainText({ lines, output, links }: Message): string {
  const parts = [lines.join('\n'), output.join('\n'), links.map(({ text, url }) => `${text}: ${url}`).join('\n')];
  return parts.filter((part) => part !== '').join('\n\n');
}
