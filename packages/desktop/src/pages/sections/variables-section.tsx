import { ActionIcon, Button, Checkbox, Group, PasswordInput, Stack, Table, Text, TextInput } from '@mantine/core';
import { ClipboardPaste, Lock, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { variableName } from '@redcontrol/contract';
import { useConfigEditor, useProblem } from '../../editor/editor-context.tsx';
import { listAt, mapAt, textAt } from '../../editor/read-data.ts';
import { Chip } from '../../parts/chips.tsx';
import { Empty } from '../../parts/notes.tsx';
import { useTranslate } from '../../words/language.tsx';
import { PasteVariables } from './paste-variables.tsx';
import { useHeldSecrets } from './use-held-secrets.ts';

/** Variables and secrets of all environments side by side, so that what differs is seen. */
export function VariablesSection() {
  const t = useTranslate();
  const editor = useConfigEditor();
  const [isPasting, setPasting] = useState(false);
  const environments = Object.keys(mapAt(editor.data, ['environments']));
  const names = new Map<string, boolean>();
  for (const environment of environments) {
    for (const name of Object.keys(mapAt(editor.data, ['environments', environment, 'variables']))) names.set(name, false);
    for (const name of listAt(editor.data, ['environments', environment, 'secrets'])) names.set(String(name), true);
  }
  const rows = [...names].sort(([one], [other]) => one.localeCompare(other));
  return (
    <Stack gap="md">
      <Group>
        <NewVariable environments={environments} taken={names} />
        <Button variant="default" leftSection={<ClipboardPaste size={16} aria-hidden />} onClick={() => setPasting(true)}>{t('variables.paste')}</Button>
      </Group>
      <Text fz="sm" c="dimmed" maw={760}>{t('variables.help')}</Text>
      {rows.length === 0 ? <div className="sheet"><Empty title={t('variables.none')} icon={Lock} /></div> : (
        <div className="sheet scrolls">
          <Table verticalSpacing={6} horizontalSpacing="sm">
            <Table.Thead>
              <Table.Tr><Table.Th scope="col">{t('name')}</Table.Th>{environments.map((environment) => <Table.Th key={environment} scope="col">{environment}</Table.Th>)}<Table.Th><span className="hidden-text">{t('remove')}</span></Table.Th></Table.Tr>
            </Table.Thead>
            <Table.Tbody>{rows.map(([name, isSecret]) => <VariableRow key={name} name={name} isSecret={isSecret} environments={environments} />)}</Table.Tbody>
          </Table>
        </div>
      )}
      {isPasting && <PasteVariables environments={environments} onClose={() => setPasting(false)} />}
    </Stack>
  );
}

function VariableRow({ name, isSecret, environments }: { name: string; isSecret: boolean; environments: string[] }) {
  const t = useTranslate();
  const { data, edit, remove } = useConfigEditor();
  const values = environments.map((environment) => textAt(data, ['environments', environment, 'variables', name]));
  const differs = !isSecret && new Set(values).size > 1;
  const removeAll = () => {
    for (const environment of environments) {
      if (Object.hasOwn(mapAt(data, ['environments', environment, 'variables']), name)) remove(['environments', environment, 'variables', name]);
      const secrets = listAt(data, ['environments', environment, 'secrets']);
      if (secrets.includes(name)) edit(['environments', environment, 'secrets'], secrets.filter((one) => one !== name));
    }
  };
  return (
    <Table.Tr>
      <Table.Th scope="row"><Group gap={6} wrap="nowrap"><span className="mono">{name}</span>{isSecret && <Chip tone="idle" icon={Lock}>{t('variables.secret')}</Chip>}{differs && <Chip tone="busy">{t('variables.differs')}</Chip>}</Group></Table.Th>
      {environments.map((environment) => <Table.Td key={environment}>{isSecret ? <SecretCell environment={environment} name={name} /> : <ValueCell environment={environment} name={name} />}</Table.Td>)}
      <Table.Td w={44}><ActionIcon variant="subtle" color="gray" aria-label={t('remove-named', { name })} onClick={removeAll}><Trash2 size={15} /></ActionIcon></Table.Td>
    </Table.Tr>
  );
}

function ValueCell({ environment, name }: { environment: string; name: string }) {
  const { data, edit, remove } = useConfigEditor();
  const path = ['environments', environment, 'variables', name];
  return <TextInput size="xs" miw={140} aria-label={`${name} ${environment}`} value={textAt(data, path)} error={useProblem(path)} onChange={({ currentTarget: { value } }) => (value === '' ? remove(path) : edit(path, value))} />;
}

function SecretCell({ environment, name }: { environment: string; name: string }) {
  const t = useTranslate();
  const { data, edit } = useConfigEditor();
  const { held, hold } = useHeldSecrets();
  const [value, setValue] = useState('');
  const names = listAt(data, ['environments', environment, 'secrets']).map(String);
  const isHeld = held.some((one) => one.environment === environment && one.name === name);
  const commit = () => {
    if (value === '') return;
    hold([{ environment, name, value }]);
    setValue('');
    if (!names.includes(name)) edit(['environments', environment, 'secrets'], [...names, name]);
  };
  const placeholder = isHeld ? t('variables.held') : names.includes(name) ? t('variables.value') : t('variables.not-here');
  return <PasswordInput size="xs" miw={160} aria-label={`${name} ${environment}`} value={value} placeholder={placeholder} autoComplete="new-password" onChange={(event) => setValue(event.currentTarget.value)} onBlur={commit} onKeyDown={(event) => event.key === 'Enter' && commit()} />;
}

function NewVariable({ environments, taken }: { environments: string[]; taken: Map<string, boolean> }) {
  const t = useTranslate();
  const { data, edit } = useConfigEditor();
  const [name, setName] = useState('');
  const [isSecret, setSecret] = useState(false);
  const isWrong = name !== '' && !variableName.safeParse(name).success;
  const add = () => {
    if (name === '' || isWrong || taken.has(name)) return;
    for (const environment of environments) {
      if (isSecret) edit(['environments', environment, 'secrets'], [...listAt(data, ['environments', environment, 'secrets']), name]);
      else edit(['environments', environment, 'variables', name], '');
    }
    setName('');
  };
  return (
    <form onSubmit={(event) => { event.preventDefault(); add(); }}>
      <Group align="flex-start" gap="sm">
        <TextInput aria-label={t('variables.new')} placeholder={t('variables.new')} value={name} onChange={(event) => setName(event.currentTarget.value)} error={isWrong ? t('variables.form') : taken.has(name) ? t('name.taken') : undefined} w={240} spellCheck={false} />
        <Checkbox mt={9} label={t('variables.secret')} checked={isSecret} onChange={(event) => setSecret(event.currentTarget.checked)} />
        <Button type="submit" variant="default" leftSection={<Plus size={16} aria-hidden />} disabled={name === '' || isWrong}>{t('add')}</Button>
      </Group>
    </form>
  );
}
