/** Folder of the sockets. */
export function runDirectoryFromEnvironment(): string {
  return process.env.REDCONTROL_RUN_DIRECTORY ?? '/run/redcontrol';
}
