/** Every page of the app by a name, for what is looked at on each: screenshots and accessibility. */
export function allPages(configPath: string): { name: string; path: string }[] {
  const server = '/servers/127.0.0.1%3A22';
  const file = `file=${encodeURIComponent(configPath)}`;
  const sections = ['repository', 'framework', 'servers', 'environments', 'variables', 'database', 'people', 'stages', 'limits', 'file', 'apply'];
  return [
    { name: 'overview', path: '/' },
    { name: 'runs', path: '/runs' },
    { name: 'run-failed', path: `${server}/shop/runs/994` },
    { name: 'run-live', path: `${server}/shop/runs/1000` },
    { name: 'project', path: `${server}/shop` },
    { name: 'releases', path: `${server}/shop/production` },
    { name: 'app-log', path: `${server}/shop/production?part=logs` },
    { name: 'processes', path: `${server}/shop/production?part=processes` },
    { name: 'jobs', path: `${server}/shop/production?part=jobs` },
    { name: 'secrets', path: `${server}/shop/production?part=secrets` },
    { name: 'never-deployed', path: `${server}/landing/production` },
    { name: 'events', path: '/events' },
    { name: 'backups', path: `${server}/shop/production?part=backups` },
    { name: 'servers', path: '/servers' },
    { name: 'server', path: server },
    ...sections.map((section) => ({ name: `settings-${section}`, path: `/settings/${section}?${file}` })),
    { name: 'wizard', path: '/new' },
    { name: 'wizard-plan', path: '/new/plan' },
    { name: 'missing', path: '/nothing/here/at/all/x' },
  ];
}
