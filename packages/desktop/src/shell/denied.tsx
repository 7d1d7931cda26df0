import { Center, Code, Stack, Title } from '@mantine/core';
import { useTranslate } from '../words/language.tsx';

/** Shown to a page that control does not know, e.g. an address that was opened a second time. */
export function Denied() {
  const t = useTranslate();
  return (
    <Center component="main" mih="100vh" p="lg">
      <Stack maw={440} gap="sm">
        <Title order={1}>{t('denied.title')}</Title>
        <p>{t('denied.text')}</p>
        <Code block>redcontrol ui</Code>
      </Stack>
    </Center>
  );
}
