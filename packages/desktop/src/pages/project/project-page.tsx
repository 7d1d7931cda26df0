import { Anchor, Button, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { Activity, Construction, FolderCog, FolderDown, Pause, RefreshCw } from 'lucide-react';
import { Link, useNavigate, useParams } from 'react-router';
import type { ProjectState } from '@redcontrol/contract';
import { callDaemon, useConnection, useControl, useControlAction, useDaemon, useDaemonAction } from '../../connection/use-control.ts';
import { Chip, HealthChip } from '../../parts/chips.tsx';
import { barsOfRuns, DurationChart } from '../../parts/chart/duration-chart.tsx';
import { CopyField } from '../../parts/copy-field.tsx';
import { ForeignText } from '../../parts/foreign-text.tsx';
import { Answer, Empty, ErrorNote } from '../../parts/notes.tsx';
import { PageFrame } from '../../parts/page-frame.tsx';
import { Ago } from '../../parts/time-text.tsx';
import { useTranslate } from '../../words/language.tsx';
import { WebAddress } from '../overview/environment-row.tsx';
import { paths } from '../paths.ts';
import { RunTable } from '../runs/run-table.tsx';
import { Previews } from './previews.tsx';
import { Revisions } from './revisions.tsx';

const shownRuns = 200;

/** One project on one server: its environments, its runs and how long they take, its source, its revisions. */
export function ProjectPage() {
  const t = useTranslate();
  const { server = '', project = '' } = useParams();
  const state = useDaemon(server, 'project.show', { project });
  const runs = useDaemon(server, 'run.list', { project, limit: shownRuns });
  const look = useDaemonAction(server, 'source.look');
  const actions = (
    <>
      <Button variant="default" leftSection={<RefreshCw size={15} aria-hidden />} loading={look.isPending} onClick={() => look.mutate({ project })}>{t('project.look')}</Button>
      <ConfigurationButton server={server} project={project} />
    </>
  );
  return (
    <PageFrame title={project} crumbs={[{ text: t('nav.overview'), to: paths.overview }]} actions={actions}>
      {look.error && <ErrorNote error={look.error} />}
      <Answer query={state}>{({ result }) => <ProjectParts server={server} state={result} />}</Answer>
      <Previews server={server} project={project} />
      <Stack gap="sm" component="section" aria-labelledby="runs">
        <Title order={2} id="runs">{t('nav.runs')}</Title>
        <Answer query={runs}>
          {({ result }) => (result.length === 0 ? <div className="sheet"><Empty title={t('runs.none')} icon={Activity}>{t('runs.none-text')}</Empty></div> : (
            <>
              <DurationChart bars={barsOfRuns(server, result)} of="runs" />
              <RunTable runs={result.map((run) => ({ server, run }))} label={t('nav.runs')} heightPx={460} />
            </>
          ))}
        </Answer>
      </Stack>
      <Revisions server={server} project={project} />
    </PageFrame>
  );
}

function ProjectParts({ server, state }: { server: string; state: ProjectState }) {
  const t = useTranslate();
  const { source } = state;
  return (
    <>
      <div className="grid-cards">
        {state.environments.filter(({ preview }) => !preview).map((environment) => (
          <section key={environment.name} className="sheet part" aria-label={t('environments.of', { name: environment.name })}>
            <Group justify="space-between" mb={8}><Anchor component={Link} to={paths.environment(server, state.name, environment.name)} fw={650}>{environment.name}</Anchor><Group gap={6}>{environment.paused && <Chip tone="warn" icon={Pause}>{t('pause.paused')}</Chip>}{environment.maintenance && <Chip tone="warn" icon={Construction}>{t('maintenance')}</Chip>}<HealthChip health={environment.health} /></Group></Group>
            <WebAddress url={environment.url} />
            <Text fz="sm" mt={6} className="wraps">{environment.live ? <>#{environment.live.number} <ForeignText text={environment.live.ref} /> <span className="mono">{environment.live.commit.slice(0, 8)}</span></> : t('environment.nothing')}</Text>
          </section>
        ))}
      </div>
      <section className="sheet part" aria-labelledby="source">
        <Group justify="space-between" mb="sm"><Title order={2} id="source">{t('project.source')}</Title><Chip tone={source.state === 'unreachable' ? 'bad' : source.state === 'following' ? 'ok' : 'idle'}>{t(`source.${source.state}`)}</Chip></Group>
        {source.error && <ErrorNote error={{ code: 'REPOSITORY_UNREACHABLE', message: source.error }}>{t('project.deploy-key-help')}</ErrorNote>}
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
          <Stack gap={4} fz="sm">
            <ForeignText text={state.repository} className="mono wraps" />
            <span>{t('count.branches', { count: source.branches })} · {t('count.tags', { count: source.tags })}{source.checkedAt !== null && <> · {t('project.checked')} <Ago at={source.checkedAt} /></>}</span>
          </Stack>
          <CopyField label={t('deploy-key')} value={state.deployKey} />
        </SimpleGrid>
      </section>
    </>
  );
}

/** To the settings, when the configuration is on this computer; else it can be fetched from the server. */
function ConfigurationButton({ server, project }: { server: string; project: string }) {
  const t = useTranslate();
  const go = useNavigate();
  const connection = useConnection();
  const { data: projects } = useControl('projects.list', {});
  const create = useControlAction('projects.create', ['projects.list', 'servers.list']);
  const local = projects?.find((one) => one.project === project && one.servers.some(({ id }) => id === server));
  if (local) return <Button component={Link} to={paths.settings(local.path)} leftSection={<FolderCog size={15} aria-hidden />}>{t('project.settings')}</Button>;
  if (!projects) return null;
  const fetchConfig = async () => {
    const { result } = await callDaemon(connection, { server, method: 'project.config', params: { project } });
    const created = await create.mutateAsync({ text: result.config });
    await go(paths.settings(created.path));
  };
  return (
    <>
      {create.error && <ErrorNote error={create.error} />}
      <Button variant="default" leftSection={<FolderDown size={15} aria-hidden />} loading={create.isPending} onClick={() => void fetchConfig().catch(() => {})}>{t('project.fetch')}</Button>
    </>
  );
}
