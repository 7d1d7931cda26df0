import { ActionIcon, Button, Group, Kbd, SegmentedControl, Stack, useMantineColorScheme } from '@mantine/core';
import { Monitor, Moon, Search, Sun } from 'lucide-react';
import { palette } from './palette-store.ts';
import { languageNames } from '../words/language-names.ts';
import { languages, type Language } from '../words/translate.ts';
import { useLanguage } from '../words/language.tsx';

const schemes = [['auto', Monitor], ['light', Sun], ['dark', Moon]] as const;

/** Command palette, light or dark, and language. */
export function Choices() {
  const { t, language, choose } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const next = schemes[(schemes.findIndex(([name]) => name === colorScheme) + 1) % schemes.length]!;
  const Icon = schemes.find(([name]) => name === colorScheme)?.[1] ?? Monitor;
  return (
    <Stack gap={8} pt="sm">
      <Button variant="default" size="sm" justify="space-between" leftSection={<Search size={15} aria-hidden />} rightSection={<Kbd size="xs">Ctrl K</Kbd>} onClick={palette.open}>{t('palette.open')}</Button>
      <Group gap={6} wrap="nowrap">
        <SegmentedControl fullWidth flex={1} size="xs" aria-label={t('language')} value={language} onChange={(value) => choose(value as Language)} data={languages.map((value) => ({ value, label: languageNames[value] }))} />
        <ActionIcon variant="default" size={30} aria-label={t('scheme', { name: t(`scheme.${colorScheme}`) })} title={t('scheme', { name: t(`scheme.${colorScheme}`) })} onClick={() => setColorScheme(next[0])}>
          <Icon size={16} aria-hidden />
        </ActionIcon>
      </Group>
    </Stack>
  );
}
