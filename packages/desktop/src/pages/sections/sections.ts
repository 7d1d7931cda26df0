import { Bell, Box, Database, FileCode2, Globe, KeyRound, Layers, ListOrdered, Server, ShieldCheck, SlidersHorizontal, type LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';
import type { PlacedProblem } from '@redcontrol/contract';
import { ChannelsSection } from './channels-section.tsx';
import { DatabaseSection } from './database-section.tsx';
import { EnvironmentsSection } from './environments-section.tsx';
import { FrameworkSection } from './framework-section.tsx';
import { LimitsSection } from './limits-section.tsx';
import { PeopleSection } from './people-section.tsx';
import { RepositorySection } from './repository-section.tsx';
import { ServersSection } from './servers-section.tsx';
import { StagesSection } from './stages-section.tsx';
import { VariablesSection } from './variables-section.tsx';

/** What the wizard asks for: all without which there is no project. */
export const sectionNames = ['repository', 'framework', 'servers', 'environments', 'variables', 'database', 'people', 'stages', 'limits'] as const;
export type SectionName = (typeof sectionNames)[number] | 'channels';

export interface Section {
  name: SectionName;
  icon: LucideIcon;
  Body: ComponentType;
}

/** The parts of a configuration, in the order in which the wizard asks for those that it does; the settings have them as tabs. */
export const sections: readonly Section[] = [
  { name: 'repository', icon: Globe, Body: RepositorySection },
  { name: 'framework', icon: Layers, Body: FrameworkSection },
  { name: 'servers', icon: Server, Body: ServersSection },
  { name: 'environments', icon: Box, Body: EnvironmentsSection },
  { name: 'variables', icon: SlidersHorizontal, Body: VariablesSection },
  { name: 'database', icon: Database, Body: DatabaseSection },
  { name: 'people', icon: KeyRound, Body: PeopleSection },
  { name: 'stages', icon: ListOrdered, Body: StagesSection },
  { name: 'limits', icon: ShieldCheck, Body: LimitsSection },
  { name: 'channels', icon: Bell, Body: ChannelsSection },
];

export const fileIcon = FileCode2;

/** The section in which a problem's field is; undefined for what only the file's text shows. */
export function sectionOf({ path }: PlacedProblem): SectionName | undefined {
  const [top, , third] = path;
  if (top === 'environments') {
    if (third === 'variables' || third === 'secrets') return 'variables';
    return third === 'database' || third === 'redis' ? 'database' : 'environments';
  }
  return typeof top === 'string' ? byKey[top] : undefined;
}

const byKey: Record<string, SectionName> = {
  project: 'repository', repository: 'repository', root: 'repository', framework: 'framework', servers: 'servers', people: 'people', channels: 'channels', pipeline: 'stages', limits: 'limits', isolation: 'limits',
};
