import { Anchor, Text } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { Link } from 'react-router';
import type { Alert } from '@redcontrol/contract';
import { useDaemon } from '../../connection/use-control.ts';
import { ForeignText } from '../../parts/foreign-text.tsx';
import { Ago } from '../../parts/time-text.tsx';
import { useTranslate } from '../../words/language.tsx';
import { paths } from '../paths.ts';

const refreshMs = 30_000;

/** What is wrong on a server now; nothing where all is well, or where its daemon cannot tell. */
export function Alerts({ server }: { server: string }) {
  const t = useTranslate();
  const open = useDaemon(server, 'alerts.list', {}, { refetchInterval: refreshMs }).data?.result ?? [];
  if (open.length === 0) return null;
  return (
    <section className="note" data-tone="bad" aria-label={t('alerts')}>
      <TriangleAlert size={16} aria-hidden />
      <ul className="plain-list">{open.map((alert) => <li key={`${alert.project}/${alert.environment}/${alert.kind}/${alert.name}`}><OpenAlert server={server} alert={alert} /></li>)}</ul>
    </section>
  );
}

function OpenAlert({ server, alert: { kind, project, environment, name, value, limit, since } }: { server: string; alert: Alert }) {
  const t = useTranslate();
  const isMeasured = value !== null && limit !== null;
  return (
    <>
      {environment === null ? <strong><ForeignText text={project} /></strong> : <Anchor component={Link} to={paths.environment(server, project, environment)} fz="sm" fw={600} c="inherit" td="underline">{project} · {environment}</Anchor>}
      {': '}
      {kind === 'down' || kind === 'errors' ? t(`alert.${kind}`) : t(`alert.${kind}`, { name: name ?? '' })}{isMeasured && <> ({t('alert.measured', { value, limit })})</>} <Text span fz="sm" c="inherit"><Ago at={since} /></Text>
    </>
  );
}
