import { openAlerts } from '../../alerts/index.ts';
import type { Handlers } from '../handlers.ts';
import { maySee } from './event-methods.ts';

export const alertMethods: Pick<Handlers, 'alerts.list'> = {
  'alerts.list': ({ daemon, params, caller }) => openAlerts(daemon.store).filter(({ project }) => maySee(caller, project) && (params.project === undefined || params.project === project)),
};
