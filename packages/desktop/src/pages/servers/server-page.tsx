import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { SearchCheck, Trash2 } from 'lucide-react';
import { useNavigate, useParams } from 'react-router';
import type { ServerLink } from '@redcontrol/contract';
import { useControl, useControlAction, useDaemon } from '../../connection/use-control.ts';
import { LinkChip } from '../../parts/chips.tsx';
import { ForeignText } from '../../parts/foreign-text.tsx';
import { Answer, Empty, ErrorNote } from '../../parts/notes.tsx';
import { PageFrame } from '../../parts/page-frame.tsx';
import { Ago } from '../../parts/time-text.tsx';
import { useFormats } from '../../words/formats.ts';
import { useTranslate } from '../../words/language.tsx';
import { ServerProjects } from '../overview/server-projects.tsx';
import { paths } from '../paths.ts';
import { Findings } from '../sections/server-findings.tsx';
import { AuditLog } from './audit-log.tsx';
import { addressOf, LoginHelp } from './login-help.tsx';
import { ServerMetrics } from './server-metrics.tsx';
import { Resources } from './resources.tsx';
import { SaveState } from './save-state.tsx';
import '../sections/sections.css';

/** One server: whether it is there, what it has left, who may come, what runs on it. */
export function ServerPage() {
  const t = useTranslate();
  const { server = '' } = useParams();
  const servers = useControl('servers.list', {});
  const link = servers.data?.find(({ id }) => id === server);
  return (
    <PageFrame title={link?.names[0] ?? link?.host ?? server} crumbs={[{ text: t('nav.servers'), to: paths.servers }]} chip={link && <LinkChip state={link.state} />} actions={link && <ServerActions link={link} />}>
      <Answer query={servers}>{() => (link ? <ServerParts link={link} /> : <div className="sheet"><Empty title={t('servers.unknown')} /></div>)}</Answer>
    </PageFrame>
  );
}

function ServerActions({ link }: { link: ServerLink }) {
  const t = useTranslate();
  const go = useNavigate();
  const remove = useControlAction('servers.remove', ['servers.list']);
  // What a configuration names comes back with it.
  if (link.names.length > 0) return null;
  return <Button variant="default" leftSection={<Trash2 size={15} aria-hidden />} onClick={() => remove.mutate({ id: link.id }, { onSuccess: () => void go(paths.servers) })}>{t('servers.forget')}</Button>;
}

function ServerParts({ link }: { link: ServerLink }) {
  const t = useTranslate();
  const formats = useFormats();
  const check = useControlAction('server.check');
  const state = useDaemon(link.id, 'server.state', {}).data?.result;
  return (
    <Stack gap="lg">
      {link.error && <ErrorNote error={link.error}><LoginHelp error={link.error} address={addressOf(link)} onChange={() => check.mutate(addressOf(link))} /></ErrorNote>}
      <div className="grid-cards">
        <section className="sheet part" aria-label={t('server.resources')}><Title order={2} mb="sm">{t('server.resources')}</Title><Resources server={link.id} /></section>
        <section className="sheet part" aria-label={t('server.facts')}>
          <Title order={2} mb="sm">{t('server.facts')}</Title>
          <dl className="summary">
            <dt>{t('servers.login')}</dt><dd>{link.user}@{link.host}:{link.port}</dd>
            {state && <><dt>{t('server.os')}</dt><dd><ForeignText text={state.os} /></dd><dt>Docker</dt><dd>{state.engineVersion ?? '–'}</dd><dt>RedControl</dt><dd>{state.daemonVersion}</dd><dt>{t('server.daemon-memory')}</dt><dd>{formats.bytes(state.daemonResidentBytes)}</dd><dt>{t('server.started')}</dt><dd><Ago at={state.startedAt} /></dd></>}
            {link.person && link.role && <><dt>{t('server.you')}</dt><dd><ForeignText text={link.person} /> · {t(`role.${link.role}`)}</dd></>}
          </dl>
        </section>
      </div>
      <ServerMetrics server={link.id} />
      <section className="sheet part" aria-label={t('check.findings')}>
        <Group justify="space-between" mb={check.data ? 'sm' : 0}><Title order={2}>{t('check.findings')}</Title><Button variant="default" leftSection={<SearchCheck size={15} aria-hidden />} loading={check.isPending} onClick={() => check.mutate(addressOf(link))}>{t('check.do')}</Button></Group>
        {check.error && <ErrorNote error={check.error} />}
        {check.data && <Findings findings={check.data} />}
      </section>
      {link.role === 'admin' && <People server={link.id} />}
      {link.role === 'admin' && <SaveState server={link.id} />}
      {link.role === 'admin' && <AuditLog server={link.id} />}
      <Stack gap="sm" component="section" aria-labelledby="projects"><Title order={2} id="projects">{t('server.projects')}</Title><ServerProjects server={link} /></Stack>
    </Stack>
  );
}

function People({ server }: { server: string }) {
  const t = useTranslate();
  const people = useDaemon(server, 'people.list', {});
  return (
    <Stack gap="sm" component="section" aria-labelledby="people">
      <Title order={2} id="people">{t('section.people')}</Title>
      <Answer query={people} lines={2}>
        {({ result }) => (result.length === 0 ? <div className="sheet"><Empty title={t('people.none')} /></div> : (
          <div className="sheet scrolls">
            <table className="facts">
              <thead><tr><th scope="col">{t('name')}</th><th scope="col">{t('people.role')}</th><th scope="col">{t('people.key')}</th><th scope="col">{t('server.projects')}</th></tr></thead>
              <tbody>{result.map(({ fingerprint, name, role, projects }) => <tr key={fingerprint}><td><ForeignText text={name} /></td><td>{t(`role.${role}`)}</td><td className="mono">{fingerprint}</td><td>{projects.join(', ') || <Text span fz="sm" c="dimmed">–</Text>}</td></tr>)}</tbody>
            </table>
          </div>
        ))}
      </Answer>
    </Stack>
  );
}
