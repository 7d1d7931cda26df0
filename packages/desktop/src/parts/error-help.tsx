import { useQuery } from '@tanstack/react-query';
import type { ErrorCode } from '@redcontrol/contract';
import { useLanguage } from '../words/language.tsx';
import { again } from './again.ts';

/** The likely cause of an error and what to do, as the documentation has it: written once, for both. */
export function ErrorHelp({ code, isOpen }: { code: ErrorCode; isOpen: boolean }) {
  const { t, language } = useLanguage();
  const pages = useQuery({ queryKey: ['documentation', 'errors', language], queryFn: () => again(() => errorPages[language]()) });
  const help = pages.data && helpFor(pages.data.default, code);
  if (!help) return null;
  return (
    <details open={isOpen}>
      <summary>{t('error.help')}</summary>
      <dl className="error-help">
        <dt>{t('error.cause')}</dt><dd>{help.cause}</dd>
        <dt>{t('error.remedy')}</dt><dd>{help.remedy}</dd>
      </dl>
    </details>
  );
}

const errorPages = {
  en: () => import('../../../../docs/errors.md?raw'),
  ru: () => import('../../../../docs/ru/errors.md?raw'),
};

/** The second and third point below a code's heading; code marks are left out. */
function helpFor(page: string, code: ErrorCode): { cause: string; remedy: string } | undefined {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${code}\n`));
  const [, cause, remedy] = [...(section ?? '').matchAll(/^- \*\*[^*]+\*\* (.*)$/gm)].map(([, text = '']) => text.replaceAll('`', ''));
  return cause && remedy ? { cause, remedy } : undefined;
}
