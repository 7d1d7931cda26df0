/** Name of an environment in the proxy. */
export function siteId(owner: { project: string; environment: string }): string {
  return `${owner.project}--${owner.environment}`;
}
