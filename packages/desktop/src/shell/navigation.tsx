import { NavLink, Stack } from '@mantine/core';
import { Activity, Bell, FolderCog, LayoutDashboard, Plus, Server } from 'lucide-react';
import { Link, useLocation } from 'react-router';
import { useControl } from '../connection/use-control.ts';
import { paths } from '../pages/paths.ts';
import { useTranslate } from '../words/language.tsx';

export function Navigation() {
  const t = useTranslate();
  const { pathname, search } = useLocation();
  const { data: projects = [] } = useControl('projects.list', {});
  const entries = [
    { to: paths.overview, label: t('nav.overview'), icon: LayoutDashboard, active: pathname === '/' },
    { to: paths.runs, label: t('nav.runs'), icon: Activity, active: pathname === '/runs' || pathname.includes('/runs/') },
    { to: paths.events, label: t('nav.events'), icon: Bell, active: pathname === '/events' },
    { to: paths.servers, label: t('nav.servers'), icon: Server, active: pathname === '/servers' },
    { to: paths.newProject, label: t('nav.new'), icon: Plus, active: pathname.startsWith('/new') },
  ];
  return (
    <Stack component="nav" gap={2} aria-label={t('nav.title')}>
      {entries.map(({ to, label, icon: Icon, active }) => (
        <NavLink key={to} component={Link} to={to} label={label} active={active} aria-current={active ? 'page' : undefined} leftSection={<Icon size={17} aria-hidden />} variant="light" />
      ))}
      {projects.length > 0 && <div className="nav-heading">{t('nav.settings')}</div>}
      {projects.map(({ path, project, error }) => {
        const active = pathname.startsWith('/settings') && new URLSearchParams(search).get('file') === path;
        return (
          <NavLink key={path} component={Link} to={paths.settings(path)} label={project ?? path} title={path} active={active} aria-current={active ? 'page' : undefined}
            leftSection={<FolderCog size={17} aria-hidden />} description={error ? t('nav.unreadable') : undefined} variant="light" />
        );
      })}
    </Stack>
  );
}
