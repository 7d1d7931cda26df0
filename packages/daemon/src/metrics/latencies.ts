/**
 * How many answers took how long, in buckets each a fifth wider than the one before: what is merged and asked for a
 * percentile is wrong by a tenth at most. 1 ms to a minute; faster and slower ones are in the first and the last.
 */
export interface Latencies {
  /** Answers in each bucket. */
  counts: Uint32Array;
  sumMs: number;
}

const growth = 1.2;
const firstMs = 1;
export const bucketCount = 62;

/** Upper end of a bucket, in ms; the last has none. */
export function bucketEndMs(bucket: number): number {
  return bucket >= bucketCount - 1 ? Infinity : firstMs * growth ** bucket;
}

export function createLatencies(): Latencies {
  return { counts: new Uint32Array(bucketCount), sumMs: 0 };
}

export function addLatency(latencies: Latencies, ms: number): void {
  const bucket = ms <= firstMs ? 0 : Math.min(bucketCount - 1, Math.ceil(Math.log(ms / firstMs) / Math.log(growth) - 1e-9));
  latencies.counts[bucket] = (latencies.counts[bucket] ?? 0) + 1;
  latencies.sumMs += ms;
}

export function mergeLatencies(into: Latencies, from: Latencies): void {
  for (const [bucket, count] of from.counts.entries()) if (count > 0) into.counts[bucket] = (into.counts[bucket] ?? 0) + count;
  into.sumMs += from.sumMs;
}

/** The time within which this share (0 to 1) of the answers came, in ms; null without any. */
export function quantileMs({ counts }: Latencies, share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const wanted = share * total;
  let before = 0;
  for (const [bucket, count] of counts.entries()) {
    if (count > 0 && before + count >= wanted) {
      const [from, to] = [bucket === 0 ? 0 : bucketEndMs(bucket - 1), bucket === bucketCount - 1 ? bucketEndMs(bucket - 1) * growth : bucketEndMs(bucket)];
      return from + ((to - from) * (wanted - before)) / count;
    }
    before += count;
  }
  return null;
}

/** For the store: the sum, then a bucket and its count for each that has one, as numbers of seven bits a byte. */
export function encodeLatencies({ counts, sumMs }: Latencies): Uint8Array {
  const bytes: number[] = [];
  const put = (value: number) => {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
    bytes.push(rest);
  };
  put(Math.round(sumMs));
  for (const [bucket, count] of counts.entries()) {
    if (count === 0) continue;
    put(bucket);
    put(count);
  }
  return Uint8Array.from(bytes);
}

export function decodeLatencies(bytes: Uint8Array): Latencies {
  const latencies = createLatencies();
  let at = 0;
  const take = () => {
    let value = 0;
    for (let place = 1; at < bytes.length; place *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte % 128) * place;
      if (byte < 128) break;
    }
    return value;
  };
  latencies.sumMs = take();
  while (at < bytes.length) {
    const bucket = take();
    latencies.counts[Math.min(bucket, bucketCount - 1)] = take();
  }
  return latencies;
}
