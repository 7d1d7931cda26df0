import { Button, Group, Select, Stack } from '@mantine/core';
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useDaemon } from '../../connection/use-control.ts';
import { AnsiLine } from '../../parts/log/ansi-line.tsx';
import { Answer, Empty } from '../../parts/notes.tsx';
import { Ago } from '../../parts/time-text.tsx';
import { useTranslate } from '../../words/language.tsx';
import '../../parts/log/log.css';

const refreshMs = 3_000;

/** The last lines that the running app wrote. */
export function AppLogs({ server, project, environment }: { server: string; project: string; environment: string }) {
  const t = useTranslate();
  const [lines, setLines] = useState(200);
  const logs = useDaemon(server, 'environment.logs', { project, environment, lines }, { refetchInterval: refreshMs });
  return (
    <Stack gap="sm">
      <Group>
        <Select aria-label={t('app-logs.lines')} w={190} allowDeselect={false} data={[100, 200, 1000, 5000].map((count) => ({ value: String(count), label: t('app-logs.last', { count }) }))} value={String(lines)} onChange={(value) => value && setLines(Number(value))} />
        <Button variant="default" leftSection={<RefreshCw size={15} aria-hidden />} loading={logs.isFetching && !logs.data} onClick={() => void logs.refetch()}>{t('apply.look-again')}</Button>
        {logs.data && <span className="quiet"><Ago at={logs.data.at} /></span>}
      </Group>
      <Answer query={logs}>
        {({ result: { text } }) => (text === '' ? <div className="sheet"><Empty title={t('app-logs.none')} /></div> : (
          <pre className="app-log" tabIndex={0} aria-label={t('app-logs')}>{text.trimEnd().split('\n').map((line, index) => <div key={index} className="app-log-line"><AnsiLine text={line} mark="" /></div>)}</pre>
        ))}
      </Answer>
    </Stack>
  );
}
