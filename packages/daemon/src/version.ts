/** Version of this daemon; the bundle carries the one it was built from. */
export const daemonVersion = process.env.REDCONTROL_VERSION ?? '0.1.0';
