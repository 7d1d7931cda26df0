/** Addresses of the page's parts; a server's id holds a colon. */
export const paths = {
  overview: '/',
  runs: '/runs',
  events: '/events',
  servers: '/servers',
  newProject: '/new',
  server: (server: string) => `/servers/${encodeURIComponent(server)}`,
  project: (server: string, project: string) => `/servers/${encodeURIComponent(server)}/${project}`,
  run: (server: string, project: string, run: number) => `/servers/${encodeURIComponent(server)}/${project}/runs/${run}`,
  environment: (server: string, project: string, environment: string) => `/servers/${encodeURIComponent(server)}/${project}/${environment}`,
  settings: (file: string, section = 'repository') => `/settings/${section}?file=${encodeURIComponent(file)}`,
  apply: (file: string) => `/settings/apply?file=${encodeURIComponent(file)}`,
};
