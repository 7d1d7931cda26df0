import { Group, Stack, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { Link } from 'react-router';
import { ChevronRight } from 'lucide-react';
import { useTranslate } from '../words/language.tsx';
import { showHidden } from './foreign-text.tsx';

export interface Crumb {
  text: string;
  to?: string;
}

/** The frame of every page: the way to it, one heading, what can be done, and the content. */
export function PageFrame({ title, crumbs = [], actions, chip, width, children }: { title: string; crumbs?: Crumb[]; actions?: ReactNode; chip?: ReactNode; width?: 'wide'; children: ReactNode }) {
  useEffect(() => {
    document.title = `${showHidden(title)} · RedControl`;
  }, [title]);
  return (
    <Stack gap="lg" className="page" data-wide={width === 'wide' || undefined}>
      <Stack gap={4}>
        {crumbs.length > 0 && <Crumbs crumbs={crumbs} />}
        <Group justify="space-between" gap="sm">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Title order={1} className="wraps">{showHidden(title)}</Title>
            {chip}
          </Group>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
      </Stack>
      {children}
    </Stack>
  );
}

function Crumbs({ crumbs }: { crumbs: Crumb[] }) {
  const t = useTranslate();
  return (
    <nav aria-label={t('nav.way')}>
      <Group gap={4} fz="sm">
        {crumbs.map(({ text, to }, index) => (
          <Group gap={4} key={index} wrap="nowrap">
            {index > 0 && <ChevronRight size={14} aria-hidden />}
            {to ? <Link to={to} className="crumb">{showHidden(text)}</Link> : <span>{showHidden(text)}</span>}
          </Group>
        ))}
      </Group>
    </nav>
  );
}
