import { Button, Modal, Stack, Text } from '@mantine/core';
import { History, ScrollText } from 'lucide-react';
import { useState } from 'react';
import type { JobRunRecord } from '@redcontrol/contract';
import { useDaemon } from '../../connection/use-control.ts';
import { JobRunChip } from '../../parts/chips.tsx';
import { ForeignText } from '../../parts/foreign-text.tsx';
import { AnsiLine } from '../../parts/log/ansi-line.tsx';
import { Answer, Empty, ErrorLine } from '../../parts/notes.tsx';
import { Ago, Duration } from '../../parts/time-text.tsx';
import { useTranslate } from '../../words/language.tsx';
import '../../parts/log/log.css';

const shownStarts = 100;
const shownLogBytes = 262_144;
const refreshMs = 2_000;

interface Place {
  server: string;
  project: string;
  environment: string;
  job: string;
}

/** When a job ran and how it ended, with the end of each log. */
export function JobHistory({ server, onClose, ...owner }: Place & { onClose: () => void }) {
  const t = useTranslate();
  const history = useDaemon(server, 'job.history', { ...owner, limit: shownStarts }, { refetchInterval: refreshMs });
  const [shown, setShown] = useState<JobRunRecord>();
  return (
    <Modal opened onClose={onClose} size="xl" title={t('jobs.history-of', { name: owner.job })} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        {shown && <StartLog server={server} {...owner} run={shown} />}
        <Answer query={history}>
          {({ result }) => (result.length === 0 ? <Empty title={t('jobs.never-ran')} icon={History} /> : (
            <table className="facts">
              <thead><tr><th scope="col">{t('jobs.start')}</th><th scope="col">{t('state')}</th><th scope="col">{t('jobs.exit')}</th><th scope="col">{t('jobs.attempt')}</th><th scope="col">{t('jobs.due')}</th><th scope="col">{t('jobs.took')}</th><th scope="col"><span className="hidden-text">{t('jobs.log')}</span></th></tr></thead>
              <tbody>{result.map((run) => <StartRow key={run.id} run={run} onLog={() => setShown(run)} />)}</tbody>
            </table>
          ))}
        </Answer>
      </Stack>
    </Modal>
  );
}

function StartRow({ run, onLog }: { run: JobRunRecord; onLog: () => void }) {
  const t = useTranslate();
  const hasLog = run.status !== 'skipped' && run.status !== 'missed';
  return (
    <tr>
      <td>{run.id}</td>
      <td className="widest"><JobRunChip status={run.status} /> {run.missedCount > 0 && <Text span fz="sm" c="dimmed">{t('jobs.missed', { count: run.missedCount })}</Text>} {run.startedBy !== '' && <Text span fz="sm" c="dimmed"><ForeignText text={run.startedBy} /></Text>}{run.error && <ErrorLine error={run.error} />}</td>
      <td>{run.exitCode ?? '–'}</td>
      <td>{run.attempt}</td>
      <td className="tight"><Ago at={run.dueAt} /></td>
      <td className="tight">{run.startedAt !== null && run.finishedAt !== null && <Duration ms={run.finishedAt - run.startedAt} />}</td>
      <td>{hasLog && <Button size="compact-sm" variant="default" leftSection={<ScrollText size={13} aria-hidden />} onClick={onLog} aria-label={t('jobs.log-of', { number: run.id, name: run.job })}>{t('jobs.log')}</Button>}</td>
    </tr>
  );
}

function StartLog({ server, run, ...owner }: Place & { run: JobRunRecord }) {
  const t = useTranslate();
  const offset = Math.max(0, run.logBytes - shownLogBytes);
  const log = useDaemon(server, 'job.log', { ...owner, start: run.id, offset, limit: shownLogBytes }, { refetchInterval: refreshMs });
  return (
    <Answer query={log}>
      {({ result }) => {
        const text = new TextDecoder().decode(Uint8Array.from(atob(result.data), (one) => one.codePointAt(0)!));
        if (text === '') return <Text fz="sm" c="dimmed">{t('jobs.no-log')}</Text>;
        return <pre className="app-log" tabIndex={0} aria-label={t('jobs.log-of', { number: run.id, name: run.job })}>{text.trimEnd().split('\n').map((line, index) => <div key={index} className="app-log-line"><AnsiLine text={line} mark="" /></div>)}</pre>;
      }}
    </Answer>
  );
}
