import { List } from '@mantine/core';
import { Check, CircleX, TriangleAlert } from 'lucide-react';
import type { CheckedServer } from '@redcontrol/contract';
import { useLanguage } from '../../words/language.tsx';

const signs = { ok: Check, warn: TriangleAlert, fail: CircleX } as const;

/** What was found out about a server, each with its remedy. */
export function Findings({ findings }: { findings: readonly CheckedServer[] }) {
  const { t, say } = useLanguage();
  return (
    <List listStyleType="none" spacing={6} aria-label={t('check.findings')} className="findings">
      {findings.map(({ id, level, text, remedy }) => {
        const Sign = signs[level];
        return (
          <List.Item key={id} icon={<span className="finding-sign" data-tone={level === 'ok' ? 'ok' : level === 'warn' ? 'warn' : 'bad'}><Sign size={16} role="img" aria-label={t(`check.${level}`)} /></span>}>
            <span className="wraps">{say(text)}</span>
            {remedy && <div className="quiet wraps">{say(remedy)}</div>}
          </List.Item>
        );
      })}
    </List>
  );
}
