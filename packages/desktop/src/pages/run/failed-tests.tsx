import { Title } from '@mantine/core';
import type { FailedTest } from '@redcontrol/contract';
import { ForeignText, showHidden } from '../../parts/foreign-text.tsx';
import { useTranslate } from '../../words/language.tsx';

export function FailedTests({ tests }: { tests: FailedTest[] }) {
  const t = useTranslate();
  if (tests.length === 0) return null;
  return (
    <section className="sheet run-failed" aria-labelledby="failed-tests">
      <Title order={2} id="failed-tests" fz="md">{t('run.failed-tests', { count: tests.length })}</Title>
      <ul className="plain-list">
        {tests.map(({ suite, name, message }, index) => (
          <li key={index}>
            <details>
              <summary className="wraps"><strong><ForeignText text={name} /></strong>{suite && <span className="run-suite"> · <ForeignText text={suite} /></span>}</summary>
              {message && <pre className="run-message">{showHidden(message)}</pre>}
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}
