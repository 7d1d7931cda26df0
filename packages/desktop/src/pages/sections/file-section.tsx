import { List, Stack, Text, Textarea } from '@mantine/core';
import { useConfigEditor } from '../../editor/editor-context.tsx';
import { KeyWarnings } from '../../parts/key-warnings.tsx';
import { Note } from '../../parts/notes.tsx';
import { useLanguage } from '../../words/language.tsx';
import { problemText } from '../../words/problem-text.ts';
import { pathText } from '@redcontrol/contract';

/** The file itself, for what has no field. */
export function FileSection() {
  const { t, say } = useLanguage();
  const { text, type, problems, path } = useConfigEditor();
  return (
    <Stack gap="md">
      <Text fz="sm" c="dimmed" className="wraps">{path}</Text>
      {problems.length > 0 && (
        <Note tone="bad">
          <strong>{t('count.problems', { count: problems.length })}</strong>
          <List fz="sm">{problems.map((problem, index) => <List.Item key={index}>{t('file.line', { line: String(problem.line) })} {problem.path.length > 0 && <span className="mono">{pathText(problem.path)}</span>} {problemText(problem, { say, t })}</List.Item>)}</List>
        </Note>
      )}
      <KeyWarnings path={[]} />
      <Textarea aria-label="redcontrol.yml" value={text} onChange={(event) => type(event.currentTarget.value)} autosize minRows={18} maxRows={60} classNames={{ input: 'mono' }} spellCheck={false} wrap="off" />
    </Stack>
  );
}
