import '@mantine/spotlight/styles.css';
import { useMantineColorScheme } from '@mantine/core';
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import { Activity, Bell, FolderCog, Globe, LayoutDashboard, Moon, Package, Plus, Search, Server } from 'lucide-react';
import { useQueries } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { callDaemon, useConnection, useControl } from '../connection/use-control.ts';
import { paths } from '../pages/paths.ts';
import { showHidden, subjectOf } from '../parts/foreign-text.tsx';
import { languages } from '../words/translate.ts';
import { useLanguage } from '../words/language.tsx';
import { paletteStore } from './palette-store.ts';

const shownRuns = 30;
const iconOf = (Icon: typeof Search) => <Icon size={18} aria-hidden />;

/** All pages, projects, environments, last runs and choices, to be found by typing. */
export function PaletteBody() {
  const { t } = useLanguage();
  const groups: SpotlightActionGroupData[] = [
    { group: t('palette.pages'), actions: usePages() },
    { group: t('palette.projects'), actions: useProjects() },
    { group: t('palette.runs'), actions: useRuns() },
    { group: t('palette.choices'), actions: useChoices() },
  ];
  return (
    <Spotlight store={paletteStore} actions={groups} shortcut={null} nothingFound={t('palette.nothing')} highlightQuery limit={12} scrollable maxHeight={420}
      attributes={{ content: { 'aria-label': t('palette.open') } }} searchProps={{ leftSection: iconOf(Search), placeholder: t('palette.placeholder'), 'aria-label': t('palette.placeholder') }} />
  );
}

function usePages(): SpotlightActionData[] {
  const { t } = useLanguage();
  const go = useNavigate();
  const { data: projects = [] } = useControl('projects.list', {});
  return [
    { id: 'overview', label: t('nav.overview'), leftSection: iconOf(LayoutDashboard), onClick: () => void go(paths.overview) },
    { id: 'runs', label: t('nav.runs'), leftSection: iconOf(Activity), onClick: () => void go(paths.runs) },
    { id: 'events', label: t('nav.events'), leftSection: iconOf(Bell), onClick: () => void go(paths.events) },
    { id: 'servers', label: t('nav.servers'), leftSection: iconOf(Server), onClick: () => void go(paths.servers) },
    { id: 'new', label: t('nav.new'), leftSection: iconOf(Plus), onClick: () => void go(paths.newProject) },
    ...projects.map(({ path, project }) => ({ id: `settings ${path}`, label: t('palette.settings', { project: project ?? path }), leftSection: iconOf(FolderCog), onClick: () => void go(paths.settings(path)) })),
  ];
}

function useProjects(): SpotlightActionData[] {
  const go = useNavigate();
  return usePerServer('project.list', {}).flatMap(({ server, answer }) => answer.flatMap(({ name, environments }) => [
    { id: `project ${server} ${name}`, label: name, leftSection: iconOf(Package), onClick: () => void go(paths.project(server, name)) },
    ...environments.map((environment) => ({
      id: `environment ${server} ${name} ${environment.name}`, label: `${name} · ${environment.name}`, description: environment.url, leftSection: iconOf(Globe),
      onClick: () => void go(paths.environment(server, name, environment.name)),
    })),
  ]));
}

function useRuns(): SpotlightActionData[] {
  const go = useNavigate();
  return usePerServer('run.list', { limit: shownRuns }).flatMap(({ server, answer }) => answer.map((run) => ({
    id: `run ${server} ${run.id}`, label: `${run.project} #${run.id} ${showHidden(run.ref)}`, description: showHidden(subjectOf(run.message)), leftSection: iconOf(Activity),
    onClick: () => void go(paths.run(server, run.project, run.id)),
  })));
}

function useChoices(): SpotlightActionData[] {
  const { t, choose } = useLanguage();
  const { setColorScheme } = useMantineColorScheme();
  return [
    ...(['auto', 'light', 'dark'] as const).map((scheme) => ({ id: scheme, label: t('scheme', { name: t(`scheme.${scheme}`) }), leftSection: iconOf(Moon), onClick: () => setColorScheme(scheme) })),
    ...languages.map((language) => ({ id: language, label: language === 'en' ? 'English' : 'Русский', leftSection: iconOf(Globe), onClick: () => choose(language) })),
  ];
}

function usePerServer<M extends 'project.list' | 'run.list'>(method: M, params: M extends 'run.list' ? { limit: number } : object) {
  const connection = useConnection();
  const { data: servers = [] } = useControl('servers.list', {});
  const answers = useQueries({
    queries: servers.map(({ id }) => ({ queryKey: ['daemon', id, method, params], queryFn: () => callDaemon(connection, { server: id, method, params: params as never }) })),
  });
  return servers.flatMap(({ id }, index) => {
    const answer = answers[index]?.data?.result;
    return answer ? [{ server: id, answer }] : [];
  });
}
