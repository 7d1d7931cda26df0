import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { Ban, Check, History, X } from 'lucide-react';
import { useState } from 'react';
import type { AuditRecord } from '@redcontrol/contract';
import { useDaemon } from '../../connection/use-control.ts';
import { Chip } from '../../parts/chips.tsx';
import { ForeignText } from '../../parts/foreign-text.tsx';
import { Answer, Empty } from '../../parts/notes.tsx';
import { Ago } from '../../parts/time-text.tsx';
import { useTranslate } from '../../words/language.tsx';

const shownEntries = 50;

/** Who asked for what on this server, when and from where. */
export function AuditLog({ server }: { server: string }) {
  const t = useTranslate();
  const [before, setBefore] = useState<number>();
  const audit = useDaemon(server, 'audit.list', { limit: shownEntries, ...(before === undefined ? {} : { before }) });
  return (
    <Stack gap="sm" component="section" aria-labelledby="audit">
      <Title order={2} id="audit">{t('audit')}</Title>
      <Answer query={audit} lines={2}>
        {({ result }) => (result.length === 0 ? <div className="sheet"><Empty title={t('audit.none')} icon={History} /></div> : (
          <>
            <div className="sheet scrolls">
              <table className="facts">
                <thead><tr><th scope="col">{t('audit.time')}</th><th scope="col">{t('audit.who')}</th><th scope="col">{t('audit.from')}</th><th scope="col">{t('audit.what')}</th><th scope="col">{t('audit.where')}</th><th scope="col">{t('audit.detail')}</th><th scope="col">{t('state')}</th></tr></thead>
                <tbody>{result.map((entry) => <Entry key={entry.seq} entry={entry} />)}</tbody>
              </table>
            </div>
            {result.length === shownEntries && <Group><Button variant="default" size="xs" onClick={() => setBefore(result.at(-1)?.seq)}>{t('audit.older')}</Button></Group>}
          </>
        ))}
      </Answer>
    </Stack>
  );
}

const looks = { asked: ['idle', Check], refused: ['bad', Ban], failed: ['bad', X] } as const;

function Entry({ entry }: { entry: AuditRecord }) {
  const t = useTranslate();
  const [tone, icon] = looks[entry.outcome];
  return (
    <tr>
      <td className="tight"><Ago at={entry.at} /></td>
      <td><ForeignText text={entry.name || entry.key} /></td>
      <td className="mono">{entry.from === null ? t('audit.on-server') : <ForeignText text={entry.from} />}</td>
      <td className="mono">{entry.method}</td>
      <td>{[entry.project, entry.environment].filter((one) => one !== null).join(' / ') || '–'}</td>
      <td className="wraps"><Text fz="sm"><ForeignText text={entry.detail} /></Text></td>
      <td><Chip tone={tone} icon={icon}>{t(`audit.outcome.${entry.outcome}`)}</Chip>{entry.errorCode && <span className="quiet"> {entry.errorCode}</span>}</td>
    </tr>
  );
}
