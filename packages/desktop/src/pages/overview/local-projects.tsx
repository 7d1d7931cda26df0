import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import type { OpenProject, ServerLink } from '@redcontrol/contract';
import { useQueries } from '@tanstack/react-query';
import { callDaemon, useConnection } from '../../connection/use-control.ts';
import { Chip } from '../../parts/chips.tsx';
import { ErrorNote } from '../../parts/notes.tsx';
import { useTranslate } from '../../words/language.tsx';
import { paths } from '../paths.ts';

/** Configurations on this computer that are on no server yet, and those that cannot be read. */
export function LocalProjects({ projects, servers }: { projects: OpenProject[]; servers: ServerLink[] }) {
  const t = useTranslate();
  const connection = useConnection();
  const lists = useQueries({
    queries: servers.map(({ id, state }) => ({ queryKey: ['daemon', id, 'project.list', {}], queryFn: () => callDaemon(connection, { server: id, method: 'project.list', params: {} }), enabled: state !== 'connecting' })),
  });
  const known = new Set(lists.flatMap(({ data }, index) => (data?.result ?? []).map(({ name }) => `${servers[index]?.id} ${name}`)));
  const rest = projects.filter(({ project, servers: wanted, error }) => error !== null || project === null || !wanted.some(({ id }) => known.has(`${id} ${project}`)));
  if (rest.length === 0 || lists.some(({ isLoading }) => isLoading)) return null;
  return (
    <Stack gap="sm" component="section" aria-labelledby="local-projects">
      <Title order={2} id="local-projects">{t('overview.local')}</Title>
      {rest.map((project) => (
        <div className="sheet" key={project.path}>
          <Group justify="space-between" px="md" py={12}>
            <div className="wraps">
              <Anchor component={Link} to={paths.settings(project.path)} fw={600}>{project.project ?? project.path}</Anchor>
              <Text fz="sm" c="dimmed" className="wraps">{project.path}</Text>
            </div>
            {project.problems > 0 ? <Chip tone="warn">{t('count.problems', { count: project.problems })}</Chip> : !project.error && <Anchor component={Link} to={paths.apply(project.path)}>{t('overview.plan-and-apply')}</Anchor>}
          </Group>
          {project.error && <ErrorNote error={project.error} />}
        </div>
      ))}
    </Stack>
  );
}
