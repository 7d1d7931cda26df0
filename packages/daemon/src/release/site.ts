/** Name of an environment, or of one of its apps, in the proxy. No other name has a dot. */
export function siteId({ project, environment, app }: { project: string; environment: string; app?: string | undefined }): string {
  return `${project}--${environment}${app === undefined ? '' : `.${app}`}`;
}
