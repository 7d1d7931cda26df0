import { matchesPattern, parseDurationMs, type PreviewPlace, type ProjectConfig } from '@redcontrol/contract';
import type { StoredPreview } from '../store/index.ts';
import { previewName } from './preview-name.ts';

/** The previews that pushed branches are to have, old ones and new, pure. A branch that deploys to an environment of its own has none. */
export function planPushed(config: ProjectConfig, pushed: readonly string[], known: readonly StoredPreview[]): PreviewPlace[] {
  const places: PreviewPlace[] = [];
  for (const [base, { preview }] of Object.entries(config.environments)) {
    if (!preview) continue;
    for (const branch of pushed) {
      if (!matchesPattern(preview.pattern, branch) || deploysByRule(config, branch)) continue;
      places.push(known.find((one) => one.state === 'open' && one.base === base && one.branch === branch) ?? { base, branch, name: freeName({ base, branch }, [...known, ...places], config) });
    }
  }
  return places.map(({ name, base, branch }) => ({ name, base, branch }));
}

function deploysByRule(config: ProjectConfig, branch: string): boolean {
  return Object.values(config.environments).some(({ deploy }) => deploy.tag === undefined && matchesPattern(deploy.branch, branch));
}

/** What is ending has its name until it is gone. */
function freeName(place: { base: string; branch: string }, taken: readonly { name: string }[], config: ProjectConfig): string {
  for (let attempt = 0; ; attempt += 1) {
    const name = previewName(place, attempt);
    if (!config.environments[name] && !taken.some((one) => one.name === name)) return name;
  }
}

export interface PreviewEnd {
  name: string;
  /** One sentence. */
  reason: string;
}

/** The open previews that are to end now, and why, pure. Kept ones count for nothing but their branch. `branches`: all that the repository has; undefined where that is not known. */
export function planEnds(input: { config: ProjectConfig; previews: readonly StoredPreview[]; branches: readonly string[] | undefined; now: number }): PreviewEnd[] {
  const { config, branches, now } = input;
  const there = branches && new Set(branches);
  const ends: PreviewEnd[] = [];
  const counted = new Map<string, number>();
  for (const preview of input.previews.filter(({ state }) => state === 'open').toSorted((a, b) => b.pushedAt - a.pushedAt || a.name.localeCompare(b.name, 'en'))) {
    const reason = reasonToEnd(preview, config, there, now);
    if (reason !== undefined) {
      ends.push({ name: preview.name, reason });
      continue;
    }
    if (preview.keptBy !== null) continue;
    const { max } = config.environments[preview.base]!.preview!;
    const count = (counted.get(preview.base) ?? 0) + 1;
    if (count > max) ends.push({ name: preview.name, reason: `${preview.base} has more than ${max} previews, and this was pushed to longest ago.` });
    else counted.set(preview.base, count);
  }
  return ends;
}

function reasonToEnd(preview: StoredPreview, config: ProjectConfig, branches: ReadonlySet<string> | undefined, now: number): string | undefined {
  const { base, branch, keptBy, pushedAt } = preview;
  const settings = config.environments[base]?.preview;
  if (!settings) return `${base} has no previews any more.`;
  if (!matchesPattern(settings.pattern, branch)) return `${base} has previews of ${settings.pattern} only.`;
  if (branches && !branches.has(branch)) return `The branch ${branch} was deleted.`;
  if (keptBy === null && now >= pushedAt + parseDurationMs(settings.age)) return `Nothing was pushed to ${branch} for ${settings.age}.`;
  return undefined;
}
