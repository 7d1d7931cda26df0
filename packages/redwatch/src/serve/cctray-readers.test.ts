import assert from 'node:assert/strict';
import { test } from 'node:test';
import { XMLParser } from 'fast-xml-parser';
import type { BranchState } from './branch-state.ts';
import { cctray } from './cctray.ts';

type Attributes = Record<string, string>;

const at = Date.UTC(2026, 0, 5, 9, 30, 1, 500);
const branch = (ref: string, status: 'succeeded' | 'failed' | undefined, building: boolean): BranchState => ({
  project: 'shop', ref, building, verdict: status && ({ id: 12, status, finishedAt: at } as BranchState['verdict']), page: 'https://shop.example.com/?a=1&b=2',
});
const branches = [
  branch('main', 'succeeded', false), branch('develop', 'succeeded', true), branch('release/1', 'failed', false), branch('fix', 'failed', true), branch('new', undefined, true),
  branch('a<b&"c\'\u0007', 'succeeded', false),
];

/** The `Project` elements as an XML parser that is not ours reads them. */
function projectsOf(xml: string): Attributes[] {
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', parseAttributeValue: false, isArray: (name) => name === 'Project', htmlEntities: true });
  const { Projects } = parser.parse(xml, true) as { Projects: { Project?: Attributes[] } | '' };
  return Projects === '' ? [] : (Projects.Project ?? []);
}

const projects = projectsOf(cctray(branches));

/** https://cctray.org/v1: what is required, and which words there are; https://cctray.org/notes: times in ISO 8601 with Z. */
test('the feed keeps the specification', () => {
  assert.equal(projects.length, branches.length);
  for (const project of projects) {
    for (const name of ['name', 'activity', 'lastBuildStatus', 'lastBuildTime', 'webUrl']) assert.notEqual(project[name] ?? '', '', name);
    assert.ok(['Sleeping', 'Building', 'CheckingModifications'].includes(project.activity!));
    assert.ok(['Success', 'Failure', 'Exception', 'Unknown'].includes(project.lastBuildStatus!));
    assert.match(project.lastBuildTime!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.equal(URL.canParse(project.webUrl!), true, project.webUrl!);
  }
  assert.deepEqual(projectsOf(cctray([])), [], 'no branches are a feed without projects');
});

/**
 * CCMenu 2 (CCTrayResponseParser): a pipeline is found by its exact name, so that names have to be distinct; a time of up
 * to 19 characters would be taken for local time; others are ISO 8601 without a fraction.
 */
test('CCMenu shows each branch', () => {
  const names = projects.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  assert.equal(names.at(-1), 'shop :: a<b&"c\'');
  const seen = projects.map(({ activity, lastBuildStatus, lastBuildTime = '' }) => {
    assert.ok(lastBuildTime.length > 19 && !/[.,]\d/.test(lastBuildTime), lastBuildTime);
    return [{ Sleeping: 'sleeping', Building: 'building' }[activity!] ?? 'other', { Success: 'success', Failure: 'failure', Exception: 'failure' }[lastBuildStatus!] ?? 'unknown'];
  });
  assert.deepEqual(seen, [['sleeping', 'success'], ['building', 'success'], ['sleeping', 'failure'], ['building', 'failure'], ['building', 'unknown'], ['sleeping', 'success']]);
  assert.equal(Date.parse(projects[0]!.lastBuildTime!), Date.UTC(2026, 0, 5, 9, 30, 1));
});

/** Nevergreen (by clj-cctray): the prognosis is made of activity and status; times are yyyy-MM-dd'T'HH:mm:ss[.SSS][zone]. */
test('Nevergreen gives each branch the right prognosis', () => {
  const prognosis = projects.map(({ activity, lastBuildStatus, lastBuildTime }) => {
    assert.match(lastBuildTime!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?(?:Z|[+-]\d\d:\d\d)$/);
    const health = lastBuildStatus === 'Success' ? 'healthy' : lastBuildStatus === 'Failure' || lastBuildStatus === 'Error' ? 'sick' : undefined;
    if (health === undefined) return 'unknown';
    return activity === 'Sleeping' ? health : activity === 'Building' ? `${health}-building` : 'unknown';
  });
  assert.deepEqual(prognosis, ['healthy', 'healthy-building', 'sick', 'sick-building', 'unknown', 'healthy']);
});
