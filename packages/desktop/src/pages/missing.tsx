import { Anchor } from '@mantine/core';
import { Compass } from 'lucide-react';
import { Link } from 'react-router';
import { Empty } from '../parts/notes.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { useTranslate } from '../words/language.tsx';
import { paths } from './paths.ts';

export function Missing() {
  const t = useTranslate();
  return (
    <PageFrame title={t('missing.title')}>
      <div className="sheet"><Empty title={t('missing.title')} icon={Compass}><Anchor component={Link} to={paths.overview}>{t('missing.back')}</Anchor></Empty></div>
    </PageFrame>
  );
}
