import { Title } from '@mantine/core';
import { Check, CircleSlash } from 'lucide-react';
import type { RunApp } from '@redcontrol/contract';
import { Chip } from '../../parts/chips.tsx';
import { ForeignText } from '../../parts/foreign-text.tsx';
import { useTranslate } from '../../words/language.tsx';

/** Which of several apps a run concerns, and why. */
export function RunApps({ apps }: { apps: RunApp[] }) {
  const t = useTranslate();
  return (
    <section className="sheet run-failed" aria-labelledby="run-apps">
      <Title order={2} id="run-apps" fz="md">{t('apps')}</Title>
      <ul className="plain-list">
        {apps.map(({ name, concerned, reason, detail }) => (
          <li key={name} className="wraps">
            <strong>{name}</strong> <Chip tone={concerned ? 'busy' : 'idle'} icon={concerned ? Check : CircleSlash}>{t(concerned ? 'apps.concerned' : 'apps.left')}</Chip>
            <div className="quiet"><ForeignText text={t(`apps.reason.${reason}`, { detail })} /></div>
          </li>
        ))}
      </ul>
    </section>
  );
}
