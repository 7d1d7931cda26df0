import { randomUUID } from 'node:crypto';
import { isStatusChannel, type ProjectConfig, type RedControlEvent } from '@redcontrol/contract';
import { addDelivery, getChannel, getProject, getSetting, lastEventSeq, listEvents, setChannel, setSetting, type Store } from '../../store/index.ts';
import { wantsEvent } from '../news/wants-event.ts';

const cursor = 'channels.after';
const batch = 200;

/**
 * Turns events that were not looked at yet into messages that wait, each exactly once: the place in the events and the
 * messages are written in one transaction. A daemon that has no place yet begins with what happens from now on.
 */
export function collectNews(store: Store): void {
  while (store.transaction(() => collectBatch(store)) === batch);
}

function collectBatch(store: Store): number {
  const known = getSetting(store, cursor);
  if (known === undefined) {
    setSetting(store, cursor, String(lastEventSeq(store)));
    return 0;
  }
  const events = listEvents(store, Number(known), batch);
  const projects = new Map<string, ProjectConfig | undefined>();
  for (const event of events) {
    if (!projects.has(event.project)) projects.set(event.project, getProject(store, event.project)?.config);
    for (const [name, channel] of Object.entries(projects.get(event.project)?.channels ?? {})) {
      if (wantsEvent(channel, event)) queueNews(store, { name, event, subject: isStatusChannel(channel) ? `run ${event.runId}` : null });
    }
  }
  const last = events.at(-1);
  if (last) setSetting(store, cursor, String(last.seq));
  return events.length;
}

function queueNews(store: Store, { name, event, subject }: { name: string; event: RedControlEvent; subject: string | null }): void {
  const lost = addDelivery(store, { project: event.project, channel: name, key: randomUUID(), event, subject, createdAt: event.at });
  if (lost === 0) return;
  const state = getChannel(store, event.project, name);
  setChannel(store, event.project, name, { ...state, lost: state.lost + lost });
}
