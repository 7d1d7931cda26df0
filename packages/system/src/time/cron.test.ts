import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cronProblem, parseSchedule } from './cron.ts';

function times(line: string, timeZone: string, from: string, count: number): string[] {
  const schedule = parseSchedule(line, timeZone);
  const found: string[] = [];
  let at = Date.parse(from);
  while (found.length < count) {
    at = schedule.next(at)!;
    found.push(new Date(at).toISOString().slice(0, 16));
  }
  return found;
}

test('a time that a change to summer time skips is due once all the same', () => {
  // On 28 March 2027 the clocks of Berlin go from 02:00 to 03:00.
  assert.deepEqual(times('30 2 * * *', 'Europe/Berlin', '2027-03-27T12:00Z', 2), ['2027-03-28T01:00', '2027-03-29T00:30']);
  assert.deepEqual(times('15 2-4 * * *', 'Europe/Berlin', '2027-03-27T22:00Z', 3), ['2027-03-28T01:15', '2027-03-28T02:15', '2027-03-29T00:15']);
});

test('a time that comes twice in autumn is due once, also for a daemon that starts in between', () => {
  // On 31 October 2027 the clocks of Berlin go from 03:00 back to 02:00, at 01:00 UTC.
  assert.deepEqual(times('30 2 * * *', 'Europe/Berlin', '2027-10-30T12:00Z', 2), ['2027-10-31T00:30', '2027-11-01T01:30']);
  assert.deepEqual(times('30 2 * * *', 'Europe/Berlin', '2027-10-31T01:05Z', 1), ['2027-11-01T01:30']);
});

test('what is due every half hour stays so over both changes', () => {
  for (const from of ['2027-03-27T23:00Z', '2027-10-30T23:00Z']) {
    const found = times('*/30 * * * *', 'Europe/Berlin', from, 12).map((text) => Date.parse(`${text}Z`));
    assert.deepEqual(found.map((at) => at - Date.parse(from)), found.map((_, index) => (index + 1) * 1_800_000));
  }
});

/** Zones whose clocks change at 1, 2 and 3 o'clock, at midnight, by half an hour, in the south, and not at all. */
const zones = ['Europe/London', 'Europe/Berlin', 'America/New_York', 'Africa/Cairo', 'America/Santiago', 'Australia/Lord_Howe', 'Pacific/Auckland', 'Asia/Tehran', 'Europe/Moscow', 'UTC'];

for (const zone of zones) {
  test(`a daily job is due exactly once on each day of three years in ${zone}, whatever its hour`, () => {
    const day = new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short' });
    for (const line of ['0 0 * * *', '30 0 * * *', '59 0 * * *', '30 1 * * *', '0 2 * * *', '30 2 * * *', '0 3 * * *', '30 23 * * *']) {
      const schedule = parseSchedule(line, zone);
      const days: string[] = [];
      for (let at = Date.parse('2026-01-01T12:00Z'); at < Date.parse('2029-01-01T12:00Z'); ) {
        at = schedule.next(at)!;
        days.push(day.format(at));
      }
      const missing = days.filter((one, index) => index > 0 && Date.parse(one) - Date.parse(days[index - 1]!) !== 86_400_000);
      assert.deepEqual(missing, [], `${line} in ${zone}`);
    }
  });
}

test('a line that is none, or never due, is said in words, in the end of a sentence', () => {
  const wrong: [string, RegExp][] = [
    ['* * * *', /4 fields instead of 5/], ['* * * * * *', /6 fields instead of 5/], ['0 0 30 2 *', /never due/], ['99 * * * *', /Invalid value for minute: 99/],
    ['*/0 * * * *', /illegal stepping/], ['0-99999999 * * * *', /Invalid value/], ['*/99999999 * * * *', /greater than maximum/], ['a b c d e', /.+/],
    [',,,, * * * *', /empty/], [`${'1,'.repeat(5000)}1 * * * x`, /.+/], ['\u0000 * * * *', /.+/], ['$(reboot) * * * *', /.+/],
  ];
  for (const [line, expected] of wrong) assert.match(cronProblem(line, 'UTC') ?? 'accepted', expected, line.slice(0, 40));
  assert.equal(cronProblem('0 0 29 2 *', 'Europe/Berlin'), undefined);
  assert.match(cronProblem('0 3 * * *', 'Mars/Olympus') ?? 'accepted', /.+/);
});
