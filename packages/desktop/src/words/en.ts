import { apps } from './en/apps.ts';
import { alerts } from './en/alerts.ts';
import { channels } from './en/channels.ts';
import { data } from './en/data.ts';
import { errors } from './en/errors.ts';
import { events } from './en/events.ts';
import { frame } from './en/frame.ts';
import { inside } from './en/inside.ts';
import { jobs } from './en/jobs.ts';
import { looking } from './en/looking.ts';
import { metrics } from './en/metrics.ts';
import { previews } from './en/previews.ts';
import { project } from './en/project.ts';
import { serverState } from './en/server-state.ts';
import { settings } from './en/settings.ts';
import { states } from './en/states.ts';

/** All English texts; other languages have exactly these keys. */
export const en = { ...frame, ...states, ...looking, ...data, ...jobs, ...inside, ...project, ...previews, ...serverState, ...settings, ...errors, ...events, ...channels, ...apps, ...metrics, ...alerts } as const;
