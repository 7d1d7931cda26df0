import { Agent, request } from 'node:http';

/**
 * Asks a port of this machine at a steady rate, part over kept connections and part over new ones, for a bounded time.
 * Prints one JSON line: latencies in ms, and how many were lost (no answer, or not 200).
 */
const [port, seconds, keptPerSecond, newPerSecond] = process.argv.slice(2).map(Number) as [number, number, number, number];
const kept = new Agent({ keepAlive: true, maxSockets: 64 });
const tickMs = 10;
const latencies: number[] = [];
let lost = 0;
let open = 0;

const ask = (agent: Agent | false) => {
  open += 1;
  const startedAt = performance.now();
  const end = (good: boolean) => {
    open -= 1;
    if (good) latencies.push(performance.now() - startedAt);
    else lost += 1;
  };
  const sent = request({ host: '127.0.0.1', port, agent, timeout: 10_000 }, (response) => {
    response.resume();
    response.once('end', () => end(response.statusCode === 200));
    response.once('error', () => end(false));
  });
  sent.once('error', () => end(false));
  sent.end();
};

const ticks = Math.round((seconds * 1000) / tickMs);
const startedAt = performance.now();
let keptDue = 0;
let newDue = 0;
for (let tick = 0; tick < ticks; tick += 1) {
  keptDue += (keptPerSecond * tickMs) / 1000;
  newDue += (newPerSecond * tickMs) / 1000;
  for (; keptDue >= 1; keptDue -= 1) ask(kept);
  for (; newDue >= 1; newDue -= 1) ask(false);
  const wait = startedAt + (tick + 1) * tickMs - performance.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
}
while (open > 0) await new Promise((resolve) => setTimeout(resolve, tickMs));
kept.destroy();
process.stdout.write(`${JSON.stringify({ latencies: latencies.map((one) => Math.round(one * 100) / 100), lost })}\n`);
