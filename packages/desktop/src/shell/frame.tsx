import { AppShell, Box, Burger, Group, ScrollArea, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect, type ReactNode } from 'react';
import { useLocation } from 'react-router';
import { useConnectionState } from '../connection/use-control.ts';
import { Note } from '../parts/notes.tsx';
import { useTranslate } from '../words/language.tsx';
import { Choices } from './choices.tsx';
import { CommandPalette } from './command-palette.tsx';
import { Navigation } from './navigation.tsx';
import { OldDataNotes } from './old-data-notes.tsx';

/** What stands around every page: navigation, the command palette, and notes about connections. */
export function Frame({ children }: { children: ReactNode }) {
  const t = useTranslate();
  const [isOpen, menu] = useDisclosure(false);
  const { pathname } = useLocation();
  const { close } = menu;
  useEffect(close, [pathname, close]);
  return (
    <AppShell navbar={{ width: 236, breakpoint: 'sm', collapsed: { mobile: !isOpen } }} header={{ height: { base: 52, sm: 0 } }} padding={{ base: 'md', xl: 'xl' }}>
      <a href="#content" className="skip">{t('skip')}</a>
      <AppShell.Header hiddenFrom="sm" px="md">
        <Group h="100%" gap="sm">
          <Burger opened={isOpen} onClick={menu.toggle} size="sm" aria-label={t('menu')} />
          <Brand />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm">
        <Box visibleFrom="sm" px={8} pt={6} pb={14}><Brand /></Box>
        <AppShell.Section grow component={ScrollArea} type="auto">
          <Navigation />
        </AppShell.Section>
        <Choices />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Stack gap="md">
          <LostNote />
          <OldDataNotes />
          {children}
        </Stack>
      </AppShell.Main>
      <CommandPalette />
    </AppShell>
  );
}

function Brand() {
  return (
    <Group gap={9} wrap="nowrap">
      <img src="/icon.svg" alt="" width={24} height={24} />
      <strong>RedControl</strong>
    </Group>
  );
}

function LostNote() {
  const t = useTranslate();
  return useConnectionState() === 'lost' ? <Note tone="bad" role="alert">{t('lost')}</Note> : null;
}
