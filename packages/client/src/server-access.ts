/** Name of the unprivileged user that people's keys log in as. */
export const serverUser = 'redcontrol';

/** The daemon's program as an installation puts it on a server. */
export const daemonCommand = '/usr/local/bin/redcontrol-daemon';
