import { apps } from './ru/apps.ts';
import { alerts } from './ru/alerts.ts';
import { channels } from './ru/channels.ts';
import { data } from './ru/data.ts';
import { errors } from './ru/errors.ts';
import { events } from './ru/events.ts';
import { frame } from './ru/frame.ts';
import { inside } from './ru/inside.ts';
import { jobs } from './ru/jobs.ts';
import { looking } from './ru/looking.ts';
import { metrics } from './ru/metrics.ts';
import { previews } from './ru/previews.ts';
import { project } from './ru/project.ts';
import { serverState } from './ru/server-state.ts';
import { settings } from './ru/settings.ts';
import { states } from './ru/states.ts';
import { appWords } from './ru/app-words.ts';
import { channelWords } from './ru/channel-words.ts';
import { expectedWords } from './ru/expected-words.ts';
import { findings } from './ru/findings.ts';
import { notDone } from './ru/not-done.ts';
import { operations } from './ru/operations.ts';
import { steps } from './ru/steps.ts';
import type { Saying } from './say.ts';
import type { Dictionary } from './translate.ts';

/** All texts in Russian. */
export const ru: Dictionary = { ...frame, ...states, ...looking, ...data, ...jobs, ...inside, ...project, ...previews, ...serverState, ...settings, ...errors, ...events, ...channels, ...apps, ...metrics, ...alerts };

/** Sentences of control and the daemons in Russian. */
export const sayings: readonly Saying[] = [...channelWords, ...appWords, ...expectedWords, ...operations, ...findings, ...notDone, ...steps];
