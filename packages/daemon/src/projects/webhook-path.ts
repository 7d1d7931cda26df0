/** Path under which a git host reaches the daemon, on any domain or port of the server. */
export function webhookPath(project: string): string {
  return `/-/redcontrol/hooks/${project}`;
}
