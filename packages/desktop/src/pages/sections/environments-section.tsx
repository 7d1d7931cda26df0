import { ActionIcon, Autocomplete, Button, Group, Select, Stack, TagsInput, TextInput } from '@mantine/core';
import { ArrowRight, Plus, Trash2 } from 'lucide-react';
import { useConfigEditor, useField, useProblem } from '../../editor/editor-context.tsx';
import { listAt, mapAt, textAt } from '../../editor/read-data.ts';
import { ForeignText } from '../../parts/foreign-text.tsx';
import { KeyWarnings } from '../../parts/key-warnings.tsx';
import { NameField } from '../../parts/name-field.tsx';
import { Note } from '../../parts/notes.tsx';
import { useTranslate } from '../../words/language.tsx';
import { deployments } from './deployments.ts';
import { bind } from './repository-section.tsx';
import { freeName } from './servers-section.tsx';
import { useInspection } from './use-inspection.ts';

const shownExamples = 6;

/** Which branches and tags go where, with what it means for the repository as it is. */
export function EnvironmentsSection() {
  const t = useTranslate();
  const editor = useConfigEditor();
  const names = Object.keys(mapAt(editor.data, ['environments']));
  const problem = useProblem(['environments'], { below: false });
  return (
    <Stack gap="lg" maw={860}>
      {problem && <Note tone="bad">{problem}</Note>}
      {names.map((name) => <EnvironmentFields key={name} name={name} isOnly={names.length === 1} />)}
      <Group><Button variant="default" leftSection={<Plus size={16} aria-hidden />} onClick={() => editor.edit(['environments', freeName(names, 'staging')], { deploy: { branch: 'main' } })}>{t('environments.add')}</Button></Group>
      <WhatWouldDeploy names={names} />
    </Stack>
  );
}

function EnvironmentFields({ name, isOnly }: { name: string; isOnly: boolean }) {
  const t = useTranslate();
  const editor = useConfigEditor();
  const path = ['environments', name];
  const inspection = useInspection();
  const branch = useField([...path, 'deploy', 'branch'], { required: true });
  const tag = useField([...path, 'deploy', 'tag']);
  const server = useField([...path, 'server']);
  const servers = Object.keys(mapAt(editor.data, ['servers']));
  const domains = listAt(editor.data, [...path, 'domain']).map(String);
  const domainError = useProblem([...path, 'domain']);
  const setDomains = (list: string[]) => (list.length === 0 ? editor.remove([...path, 'domain']) : editor.edit([...path, 'domain'], list.length === 1 ? list[0] : list));
  return (
    <section className="sheet part" aria-label={t('environments.of', { name })}>
      <Stack gap="sm">
        <Group align="flex-start" gap="sm">
          <NameField label={t('name')} path={path} w={170} />
          <Autocomplete label={t('environments.branch')} flex={1} miw={180} data={inspection.data?.branches.map((one) => one.name) ?? []} value={branch.value} onChange={branch.onChange} error={branch.error} limit={40} />
          <Autocomplete label={t('environments.tag')} placeholder={t('environments.every-push')} flex={1} miw={180} data={tagPatterns(inspection.data?.tags.map((one) => one.name) ?? [])} value={tag.value} onChange={tag.onChange} error={tag.error} limit={20} />
          {!isOnly && <ActionIcon variant="subtle" color="gray" mt={26} size={34} aria-label={t('remove-named', { name })} onClick={() => editor.remove(path)}><Trash2 size={16} /></ActionIcon>}
        </Group>
        <Group align="flex-start" gap="sm">
          {servers.length > 1 && <Select label={t('server')} w={170} data={servers} value={server.value || null} onChange={(value) => server.onChange(value ?? '')} error={server.error} />}
          <TagsInput label={t('environments.domain')} description={t('environments.domain-help')} placeholder={domains.length === 0 ? `${name === 'production' ? '' : `${name}.`}shop.example.com` : ''} flex={1} miw={260} value={domains} onChange={setDomains} error={domainError} acceptValueOnBlur />
          {domains.length === 0 && <PortField path={path} />}
        </Group>
        <KeyWarnings path={path} except={[[...path, 'database']]} />
      </Stack>
    </section>
  );
}

function PortField({ path }: { path: string[] }) {
  const t = useTranslate();
  const port = useField([...path, 'port'], { toValue: (text) => (/^\d+$/.test(text) ? Number(text) : text) });
  return <TextInput label={t('environments.port')} description={t('environments.port-help')} w={190} inputMode="numeric" {...bind(port)} />;
}

/** Patterns that fit the repository's tags: "v*" for v1.2.0. */
function tagPatterns(tags: readonly string[]): string[] {
  const beginnings = new Set(tags.flatMap((tag) => /^([A-Za-z][A-Za-z-]*)[0-9]/.exec(tag)?.[1] ?? []));
  return [...[...beginnings].map((beginning) => `${beginning}*`), '*', ...tags.slice(0, 10)];
}

function WhatWouldDeploy({ names }: { names: string[] }) {
  const t = useTranslate();
  const { data } = useConfigEditor();
  const inspection = useInspection();
  if (!inspection.data) return null;
  const rules = names.map((name) => [name, { deploy: { branch: textAt(data, ['environments', name, 'deploy', 'branch']), tag: textAt(data, ['environments', name, 'deploy', 'tag']) || undefined } }] as const);
  const { examples, idle } = deployments(Object.fromEntries(rules), inspection.data);
  return (
    <Note tone="busy" icon={ArrowRight} role="status">
      <strong>{t('environments.means')}</strong>
      <ul className="plain-list">
        {examples.slice(0, shownExamples).map(({ ref, branch, environment }) => (
          <li key={`${ref} ${environment}`}><ForeignText text={branch === ref ? t('environments.push-would', { branch, environment }) : t('environments.tag-would', { tag: ref, branch, environment })} /></li>
        ))}
        {idle.map((environment) => <li key={environment}>{t('environments.nothing-would', { environment })}</li>)}
      </ul>
    </Note>
  );
}
