/** What was measured of one thing that may be wrong, over the time before now. */
export interface Measured {
  /** Whether it is beyond its limit for so long that people are told. */
  isWrong: boolean;
  /** Whether it is so far from the limit, and for so long, that it is over. Neither: it stays as it is. */
  isOver: boolean;
  /** For people. */
  value: string;
  limit: string;
}

/** Answers of five minutes. */
export interface ErrorFigures {
  requests: number;
  errors: number;
  /** Samples that there are of this time, with or without requests. */
  samples: number;
}

/** Too few requests tell nothing: one error of two is a share of half. */
const leastRequests = 20;
const leastSamples = 8;

/** Over when the share is half of the limit or less: at the limit itself it would come and go. */
export function judgeErrors({ requests, errors, samples }: ErrorFigures, limit: number): Measured {
  const share = requests === 0 ? 0 : errors / requests;
  return { isWrong: requests >= leastRequests && share >= limit, isOver: samples >= leastSamples && share <= limit / 2, value: percent(share), limit: percent(limit) };
}

/** Shares of its limit that a process took, one for each sample, the newest last; `recent` of two minutes, `longer` of five. */
export interface MemoryFigures {
  recent: readonly number[];
  longer: readonly number[];
  text: string;
}

const leastRecent = 6;
const leastLonger = 12;
const memoryDistance = 0.05;

/** Over when it was clear of the limit for five minutes, or is not there any more. */
export function judgeMemory({ recent, longer, text }: MemoryFigures, limit: number): Measured {
  return {
    isWrong: recent.length >= leastRecent && recent.every((share) => share >= limit),
    isOver: longer.length === 0 || (longer.length >= leastLonger && longer.every((share) => share < limit - memoryDistance)),
    value: text, limit: percent(limit),
  };
}

const diskDistance = 0.02;

/** Shares of a disk that were used in the last minute. */
export function judgeDisk(shares: readonly number[], limit: number): Measured {
  const now = shares.at(-1) ?? 0;
  return { isWrong: now >= limit, isOver: shares.every((share) => share < limit - diskDistance), value: percent(now), limit: percent(limit) };
}

const dayMs = 86_400_000;

/** A certificate is renewed or not: there is nothing between. */
export function judgeCertificate(leftMs: number, limitMs: number): Measured {
  return { isWrong: leftMs < limitMs, isOver: leftMs >= limitMs, value: days(leftMs), limit: days(limitMs) };
}

function percent(share: number): string {
  const value = share * 100;
  return `${value > 0 && value < 10 ? Number(value.toFixed(1)) : Math.round(value)} %`;
}

function days(ms: number): string {
  return `${Math.max(0, Math.floor(ms / dayMs))} d`;
}
