import { Autocomplete, Group, Select, Stack, Switch, Text } from '@mantine/core';
import { databaseEngines, type Result } from '@redcontrol/contract';
import { useDaemon } from '../../connection/use-control.ts';
import { useConfigEditor, useField, useProblem } from '../../editor/editor-context.tsx';
import { mapAt, textAt, valueAt } from '../../editor/read-data.ts';
import { KeyWarnings } from '../../parts/key-warnings.tsx';
import { Note } from '../../parts/notes.tsx';
import { useTranslate } from '../../words/language.tsx';
import { useEnvironmentServer } from './use-environment-server.ts';

/** Engines that an environment's main database can be of; Redis is asked for by its own key. */
const mainEngines = databaseEngines.filter((engine) => engine !== 'redis');

export function DatabaseSection() {
  const t = useTranslate();
  const { data } = useConfigEditor();
  return (
    <Stack gap="lg" maw={860}>
      <Text fz="sm" c="dimmed">{t('database.help')}</Text>
      {Object.keys(mapAt(data, ['environments'])).map((name) => <DatabaseFields key={name} environment={name} />)}
    </Stack>
  );
}

function DatabaseFields({ environment }: { environment: string }) {
  const t = useTranslate();
  const { data, edit, remove } = useConfigEditor();
  const path = ['environments', environment, 'database'];
  const redisPath = ['environments', environment, 'redis'];
  const engine = textAt(data, [...path, 'engine']);
  const { offers, isKnown } = useOffers(environment);
  const version = useField([...path, 'version'], { toValue: (text) => (/^\d+$/.test(text) ? Number(text) : text) });
  const versions = offers.find((offer) => offer.engine === engine)?.versions ?? [];
  const choose = (value: string | null) => {
    if (value === null) remove(path);
    else edit(path, { engine: value, ...(offers.find((offer) => offer.engine === value)?.versions[0] ? { version: versionValue(offers.find((offer) => offer.engine === value)!.versions[0]!) } : {}) });
  };
  return (
    <section className="sheet part" aria-label={t('database.of', { environment })}>
      <Stack gap="sm">
        <strong>{environment}</strong>
        <Group align="flex-start">
          <Select label={t('database.engine')} placeholder={t('database.none')} w={220} clearable data={mainEngines.map((value) => ({ value, label: t(`database.${value}`) }))} value={engine || null} onChange={choose} error={useProblem([...path, 'engine'])} />
          {engine !== '' && engine !== 'sqlite' && <Autocomplete label={t('version')} description={isKnown ? t('database.offered') : t('database.not-known')} placeholder={t('database.newest')} w={220} data={versions} value={version.value} onChange={version.onChange} error={version.error} />}
        </Group>
        {isKnown && engine !== '' && engine !== 'sqlite' && version.value !== '' && versions.length > 0 && !versions.includes(version.value) && <Note tone="warn">{t('database.cannot', { version: version.value, versions: versions.join(', ') })}</Note>}
        {engine !== '' && engine !== 'sqlite' && <Switch label={t('database.rehearsal')} checked={valueAt(data, [...path, 'rehearsal']) !== false} onChange={(event) => (event.currentTarget.checked ? remove([...path, 'rehearsal']) : edit([...path, 'rehearsal'], false))} />}
        <Switch label={t('database.with-redis')} checked={valueAt(data, redisPath) !== undefined} onChange={(event) => (event.currentTarget.checked ? edit(redisPath, {}) : remove(redisPath))} />
        <KeyWarnings path={path} />
      </Stack>
    </section>
  );
}

/** What the environment's server can really get, as far as it is connected. */
function useOffers(environment: string): { offers: Result<'server.databases'>; isKnown: boolean } {
  const link = useEnvironmentServer(environment);
  const answer = useDaemon(link?.id ?? '', 'server.databases', {}, { enabled: link?.state === 'reachable' });
  return { offers: answer.data?.result ?? [], isKnown: answer.data !== undefined };
}

function versionValue(version: string): string | number {
  return /^\d+$/.test(version) ? Number(version) : version;
}
