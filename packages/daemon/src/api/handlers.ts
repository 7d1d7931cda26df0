import type { MethodName, Result } from '@redcontrol/contract';
import { alertMethods } from './methods/alert-methods.ts';
import { appMethods } from './methods/app-methods.ts';
import { backupMethods } from './methods/backup-methods.ts';
import { channelMethods } from './methods/channel-methods.ts';
import { databaseMethods } from './methods/database-methods.ts';
import { environmentMethods } from './methods/environment-methods.ts';
import { eventMethods } from './methods/event-methods.ts';
import { metricMethods } from './methods/metric-methods.ts';
import { jobMethods } from './methods/job-methods.ts';
import { maintenanceMethods } from './methods/maintenance-methods.ts';
import { pauseMethods } from './methods/pause-methods.ts';
import { previewMethods } from './methods/preview-methods.ts';
import { projectMethods } from './methods/project-methods.ts';
import { releaseMethods } from './methods/release-methods.ts';
import { rollbackMethods } from './methods/rollback-methods.ts';
import { runMethods } from './methods/run-methods.ts';
import { serverMethods } from './methods/server-methods.ts';
import type { Call } from './serve-connection.ts';

/** What answers each method of the contract; a method without a handler does not compile. */
export type Handlers = { [M in MethodName]: (call: Call<M>) => Result<M> | Promise<Result<M>> };

export const handlers: Handlers = { ...serverMethods, ...projectMethods, ...runMethods, ...rollbackMethods, ...releaseMethods, ...pauseMethods, ...maintenanceMethods, ...previewMethods, ...environmentMethods, ...channelMethods, ...backupMethods, ...databaseMethods, ...eventMethods, ...jobMethods, ...appMethods, ...metricMethods, ...alertMethods };
