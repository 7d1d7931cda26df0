import { Anchor, Text } from '@mantine/core';
import { Construction, ExternalLink, Pause } from 'lucide-react';
import { Link } from 'react-router';
import type { EnvironmentState } from '@redcontrol/contract';
import { Chip, HealthChip } from '../../parts/chips.tsx';
import { ForeignText, subjectOf } from '../../parts/foreign-text.tsx';
import { Ago } from '../../parts/time-text.tsx';
import { useTranslate } from '../../words/language.tsx';
import { paths } from '../paths.ts';

/** Days before its end from which a certificate is worth a look: it should have been renewed by then. */
const certificateWarningDays = 20;

export function EnvironmentRow({ server, environment }: { server: string; environment: EnvironmentState }) {
  const t = useTranslate();
  const { live } = environment;
  return (
    <tr>
      <td><Anchor component={Link} to={paths.environment(server, environment.project, environment.name)} fz="sm" fw={600}>{environment.name}</Anchor></td>
      <td><HealthChip health={environment.health} />{environment.paused && <> <Chip tone="warn" icon={Pause}>{t('pause.paused')}</Chip></>}{environment.maintenance && <> <Chip tone="warn" icon={Construction}>{t('maintenance')}</Chip></>}</td>
      <td className="widest">
        {live ? (
          <div className="cut-line">
            <strong>#{live.number}</strong> <ForeignText text={live.ref} /> <span className="mono">{live.commit.slice(0, 8)}</span>{' '}
            <Text span fz="sm" c="dimmed"><ForeignText text={subjectOf(live.message)} /> · {live.liveAt !== null && <Ago at={live.liveAt} />}</Text>
          </div>
        ) : <Text span fz="sm" c="dimmed">{t('environment.nothing')}</Text>}
        {environment.apps && <div className="cut-line"><Text span fz="sm" c="dimmed">{t('apps')}: {environment.apps.map(({ name, url, health }) => (url === null || health === 'up' ? name : `${name} (${t(`health.${health}`)})`)).join(', ')}</Text></div>}
      </td>
      <td><WebAddress url={environment.url} /></td>
      <td><Certificate environment={environment} /></td>
    </tr>
  );
}

/** A link only for web addresses: what a server says is not trusted to be one. */
export function WebAddress({ url }: { url: string }) {
  if (!/^https?:\/\//.test(url)) return <ForeignText text={url} />;
  return (
    <Anchor href={url} target="_blank" rel="noopener noreferrer" fz="sm" className="address">
      <ForeignText text={url.replace(/^https?:\/\//, '').replace(/\/$/, '')} /> <ExternalLink size={12} aria-hidden />
    </Anchor>
  );
}

function Certificate({ environment: { certificateDays: days, certificateError: error } }: { environment: EnvironmentState }) {
  const t = useTranslate();
  if (error !== null) return <span title={error}><Chip tone="bad">{t('certificate.failed')}</Chip></span>;
  if (days === null) return <Text span fz="sm" c="dimmed">–</Text>;
  const text = t('count.days', { count: days });
  return days < certificateWarningDays ? <Chip tone="warn">{text}</Chip> : <Text span fz="sm">{text}</Text>;
}
