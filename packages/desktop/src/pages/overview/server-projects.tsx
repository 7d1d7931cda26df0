import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { GitBranch, Package } from 'lucide-react';
import { Link } from 'react-router';
import type { ProjectState, ServerLink } from '@redcontrol/contract';
import { useDaemon } from '../../connection/use-control.ts';
import { Chip, RunChip } from '../../parts/chips.tsx';
import { ForeignText, subjectOf } from '../../parts/foreign-text.tsx';
import { Empty, ErrorNote, Loading } from '../../parts/notes.tsx';
import { Ago } from '../../parts/time-text.tsx';
import { useTranslate } from '../../words/language.tsx';
import { paths } from '../paths.ts';
import { EnvironmentRow } from './environment-row.tsx';

export function ServerProjects({ server }: { server: ServerLink }) {
  const t = useTranslate();
  const query = useDaemon(server.id, 'project.list', {}, { enabled: server.state !== 'connecting' });
  if (query.data) {
    const { result, old, at } = query.data;
    return (
      <Stack gap="sm">
        {old && <Text fz="sm" c="dimmed">{t('old.shown')} <Ago at={at} /></Text>}
        {result.length === 0 && <div className="sheet"><Empty title={t('overview.no-projects')} icon={Package} /></div>}
        {result.map((project) => <ProjectCard key={project.name} server={server} project={project} />)}
      </Stack>
    );
  }
  if (query.isError) return <ErrorNote error={query.error} />;
  return <div className="sheet"><Loading /></div>;
}

function ProjectCard({ server, project }: { server: ServerLink; project: ProjectState }) {
  const t = useTranslate();
  const { lastRun, source } = project;
  return (
    <article className="sheet" aria-label={project.name}>
      <Group justify="space-between" gap="xs" px="md" py={12}>
        <Group gap="sm" miw={0}>
          <Title order={3}><Anchor component={Link} to={paths.project(server.id, project.name)} inherit>{project.name}</Anchor></Title>
          {project.framework && <Text fz="sm" c="dimmed">{project.framework}</Text>}
          {source.state === 'unreachable' && <Chip tone="bad" icon={GitBranch}>{t('source.unreachable')}</Chip>}
          {source.state === 'empty' && <Chip tone="idle" icon={GitBranch}>{t('source.empty')}</Chip>}
          {project.queuedRuns > 0 && <Chip tone="busy">{t('count.queued', { count: project.queuedRuns })}</Chip>}
        </Group>
        {lastRun ? (
          <Group gap={8} miw={0} wrap="nowrap" fz="sm">
            <Anchor component={Link} to={paths.run(server.id, project.name, lastRun.id)} fz="sm" className="cut" maw={420}>
              #{lastRun.id} <ForeignText text={subjectOf(lastRun.message)} />
            </Anchor>
            <RunChip status={lastRun.status} />
            <Text span fz="sm" c="dimmed" className="cut"><Ago at={lastRun.finishedAt ?? lastRun.startedAt ?? lastRun.createdAt} /></Text>
          </Group>
        ) : <Text fz="sm" c="dimmed">{t('overview.no-runs')}</Text>}
      </Group>
      {source.error && <Text fz="sm" px="md" pb="xs" className="wraps"><ForeignText text={source.error} /></Text>}
      <div className="scrolls">
        <table className="facts">
          <thead>
            <tr><th scope="col">{t('environment')}</th><th scope="col">{t('state')}</th><th scope="col">{t('version')}</th><th scope="col">{t('address')}</th><th scope="col">{t('certificate')}</th></tr>
          </thead>
          <tbody>
            {project.environments.map((environment) => <EnvironmentRow key={environment.name} server={server.id} environment={environment} />)}
          </tbody>
        </table>
      </div>
    </article>
  );
}
