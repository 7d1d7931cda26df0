import { Anchor, SegmentedControl } from '@mantine/core';
import { Bell, Check, Info, X } from 'lucide-react';
import { useState } from 'react';
import { useQueries } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { EventKind, RedControlEvent } from '@redcontrol/contract';
import { callDaemon, useConnection, useControl } from '../../connection/use-control.ts';
import { Chip, type Tone } from '../../parts/chips.tsx';
import { ForeignText } from '../../parts/foreign-text.tsx';
import { Empty, ErrorNote, Loading } from '../../parts/notes.tsx';
import { PageFrame } from '../../parts/page-frame.tsx';
import { Ago } from '../../parts/time-text.tsx';
import { useTranslate } from '../../words/language.tsx';
import { paths } from '../paths.ts';

const eventsPerServer = 500;
const shownEvents = 200;

interface PlacedEvent {
  server: string;
  event: RedControlEvent;
}

/** What happened on all servers, newest first, as it happens. */
export function EventsPage() {
  const t = useTranslate();
  const [wanted, setWanted] = useState<'all' | 'troubles'>('all');
  const { events, isLoading, error } = useAllEvents();
  const shown = events.filter(({ event }) => wanted === 'all' || toneOf(event.kind) === 'bad').slice(0, shownEvents);
  const choice = <SegmentedControl size="xs" aria-label={t('events.shown')} value={wanted} onChange={(value) => setWanted(value === 'troubles' ? 'troubles' : 'all')} data={[{ value: 'all', label: t('events.all') }, { value: 'troubles', label: t('events.troubles') }]} />;
  return (
    <PageFrame title={t('nav.events')} actions={choice}>
      {error !== undefined && <ErrorNote error={error} />}
      {isLoading ? <Loading lines={5} /> : shown.length === 0 ? <div className="sheet"><Empty title={t(wanted === 'all' ? 'events.none' : 'events.no-trouble')} icon={Bell} /></div> : (
        <div className="sheet scrolls">
          <table className="facts">
            <thead><tr><th scope="col">{t('audit.time')}</th><th scope="col">{t('events.what')}</th><th scope="col">{t('events.where')}</th><th scope="col">{t('audit.detail')}</th></tr></thead>
            <tbody>{shown.map((one) => <EventRow key={`${one.server} ${one.event.seq}`} placed={one} />)}</tbody>
          </table>
        </div>
      )}
    </PageFrame>
  );
}

function EventRow({ placed: { server, event } }: { placed: PlacedEvent }) {
  const t = useTranslate();
  const tone = toneOf(event.kind);
  return (
    <tr>
      <td className="tight"><Ago at={event.at} /></td>
      <td className="tight"><Chip tone={tone} icon={icons[tone]}>{t(`event.${event.kind}`)}</Chip></td>
      <td>
        <Anchor component={Link} to={event.environment === null ? paths.project(server, event.project) : paths.environment(server, event.project, event.environment)}>{event.environment === null ? event.project : `${event.project} / ${event.environment}`}</Anchor>
        {event.runId !== null && <> · <Anchor component={Link} to={paths.run(server, event.project, event.runId)}>{t('events.run', { number: event.runId })}</Anchor></>}
      </td>
      <td className="widest wraps"><ForeignText text={event.text} /></td>
    </tr>
  );
}

type EventTone = Extract<Tone, 'ok' | 'bad' | 'idle'>;
const icons = { ok: Check, bad: X, idle: Info } as const;

function toneOf(kind: EventKind): EventTone {
  if (/failed|down|unreachable|missed|crash-loop|reverted|unprovable|waiting|alert.started/.test(kind)) return 'bad';
  return /succeeded|recovered|live|\.up$|\.reachable|proven|restored|upgraded|alert.ended/.test(kind) ? 'ok' : 'idle';
}

/** Each server's daemon numbers its own; what is told of steps is seen in the run. */
function useAllEvents(): { events: PlacedEvent[]; isLoading: boolean; error: unknown } {
  const connection = useConnection();
  const servers = useControl('servers.list', {});
  const answers = useQueries({
    queries: (servers.data ?? []).map(({ id, state }) => ({
      queryKey: ['daemon', id, 'events.list', { limit: eventsPerServer }], enabled: state !== 'connecting',
      queryFn: ({ signal }: { signal: AbortSignal }) => callDaemon(connection, { server: id, method: 'events.list', params: { limit: eventsPerServer }, signal }),
    })),
  });
  const events = answers.flatMap(({ data }, index) => (data?.result ?? []).filter(({ kind }) => !kind.startsWith('step.')).map((event) => ({ server: servers.data?.[index]?.id ?? '', event })))
    .sort((one, other) => other.event.at - one.event.at || other.event.seq - one.event.seq);
  const error = answers.find((answer) => answer.error)?.error ?? undefined;
  return { events, isLoading: servers.isPending || (answers.some(({ isPending }) => isPending) && events.length === 0 && !error), error: events.length === 0 ? error : undefined };
}
