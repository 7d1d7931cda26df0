import { Group, SimpleGrid, Tabs, Text } from '@mantine/core';
import { Activity, Archive, Boxes, CalendarClock, Database, KeyRound, ScrollText, Tags } from 'lucide-react';
import { useParams, useSearchParams } from 'react-router';
import type { DatabaseState, EnvironmentState } from '@redcontrol/contract';
import { useDaemon } from '../../connection/use-control.ts';
import { Chip, HealthChip } from '../../parts/chips.tsx';
import { ForeignText, subjectOf } from '../../parts/foreign-text.tsx';
import { Answer, Empty, ErrorNote, Loading } from '../../parts/notes.tsx';
import { PageFrame } from '../../parts/page-frame.tsx';
import { Ago } from '../../parts/time-text.tsx';
import { useTranslate } from '../../words/language.tsx';
import { WebAddress } from '../overview/environment-row.tsx';
import { paths } from '../paths.ts';
import { AppLogs } from './app-logs.tsx';
import { Backups } from './backups.tsx';
import { DeployButton } from './deploy-button.tsx';
import { EnvironmentApps } from './environment-apps.tsx';
import { Jobs } from './jobs.tsx';
import { MaintenanceButton, MaintenanceNote } from './maintenance-button.tsx';
import { Metrics } from './metrics.tsx';
import { PauseButton, PausedNote } from './pause-button.tsx';
import { Processes } from './processes.tsx';
import { Releases } from './releases.tsx';
import { Secrets } from './secrets.tsx';

/** One environment: what runs, what ran, its secrets, its database, what its app says. */
export function EnvironmentPage() {
  const t = useTranslate();
  const { server = '', project = '', environment = '' } = useParams();
  const [search, setSearch] = useSearchParams();
  const list = useDaemon(server, 'environment.list', { project });
  const state = list.data?.result.find(({ name }) => name === environment);
  const place = { server, project, environment };
  const crumbs = [{ text: t('nav.overview'), to: paths.overview }, { text: project, to: paths.project(server, project) }];
  return (
    <PageFrame title={environment} crumbs={crumbs} chip={state && <HealthChip health={state.health} />} actions={state && <><MaintenanceButton server={server} state={state} /><PauseButton server={server} state={state} />{!state.paused && <DeployButton {...place} />}</>}>
      <Answer query={list}>{() => (state ? <Facts state={state} /> : <div className="sheet"><Empty title={t('environment.unknown')} /></div>)}</Answer>
      {state && (
        <Tabs value={search.get('part') ?? 'releases'} onChange={(part) => setSearch(part === null ? {} : { part }, { replace: true })} keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="releases" leftSection={<Tags size={15} aria-hidden />}>{t('releases')}</Tabs.Tab>
            <Tabs.Tab value="processes" leftSection={<Boxes size={15} aria-hidden />}>{t('processes')}</Tabs.Tab>
            <Tabs.Tab value="metrics" leftSection={<Activity size={15} aria-hidden />}>{t('metrics')}</Tabs.Tab>
            <Tabs.Tab value="logs" leftSection={<ScrollText size={15} aria-hidden />}>{t('app-logs')}</Tabs.Tab>
            <Tabs.Tab value="jobs" leftSection={<CalendarClock size={15} aria-hidden />}>{t('jobs')}</Tabs.Tab>
            <Tabs.Tab value="backups" leftSection={<Archive size={15} aria-hidden />}>{t('backups')}</Tabs.Tab>
            <Tabs.Tab value="secrets" leftSection={<KeyRound size={15} aria-hidden />}>{t('secrets')}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="releases"><Releases {...place} /></Tabs.Panel>
          <Tabs.Panel value="processes"><Processes {...place} /></Tabs.Panel>
          <Tabs.Panel value="metrics"><Metrics {...place} /></Tabs.Panel>
          <Tabs.Panel value="logs"><AppLogs {...place} /></Tabs.Panel>
          <Tabs.Panel value="jobs"><Jobs {...place} /></Tabs.Panel>
          <Tabs.Panel value="backups"><Backups server={server} state={state} /></Tabs.Panel>
          <Tabs.Panel value="secrets"><Secrets {...place} /></Tabs.Panel>
        </Tabs>
      )}
      {list.isLoading && <Loading />}
    </PageFrame>
  );
}

function Facts({ state }: { state: EnvironmentState }) {
  const t = useTranslate();
  const { live, certificateError } = state;
  return (
    <>
      <MaintenanceNote state={state} />
      <PausedNote state={state} />
      {certificateError && <ErrorNote error={{ code: 'CERTIFICATE_FAILED', message: certificateError }} />}
      <SimpleGrid cols={{ base: 1, sm: 2, xl: 4 }} spacing="md">
        <Fact title={t('address')}><WebAddress url={state.url} /></Fact>
        <Fact title={t('version')}>
          {live ? <><strong>#{live.number}</strong> <ForeignText text={live.ref} /> <span className="mono">{live.commit.slice(0, 8)}</span><div className="quiet wraps"><ForeignText text={subjectOf(live.message)} />{live.liveAt !== null && <> · <Ago at={live.liveAt} /></>}</div></> : t('environment.nothing')}
        </Fact>
        <Fact title={t('database')}>
          {state.database || state.redis ? <Group gap="xs">{state.database && <DatabaseChip database={state.database} />}{state.redis && <DatabaseChip database={state.redis} />}</Group> : <Text span fz="sm" c="dimmed">{t('database.none')}</Text>}
        </Fact>
        <Fact title={t('environment.runs')}>{t('count.instances', { count: state.instances })}{state.certificateDays !== null && <div className="quiet">{t('certificate')}: {t('count.days', { count: state.certificateDays })}</div>}</Fact>
      </SimpleGrid>
      {state.apps && <EnvironmentApps apps={state.apps} />}
    </>
  );
}

function Fact({ title, children }: { title: string; children: React.ReactNode }) {
  return <section className="sheet part" aria-label={title}><Text fz="xs" fw={650} c="dimmed" mb={4}>{title}</Text><div className="wraps">{children}</div></section>;
}

function DatabaseChip({ database: { engine, version, state, error } }: { database: DatabaseState }) {
  const t = useTranslate();
  const tone = state === 'ready' ? 'ok' : state === 'failed' ? 'bad' : 'idle';
  return <span title={error ?? undefined}><Chip tone={tone} icon={Database}>{t(`database.${engine}`)} {version} · {t(`database.state.${state}`)}</Chip></span>;
}
