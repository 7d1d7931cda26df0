import { Button, Group, Stack } from '@mantine/core';
import { useParams, useSearchParams, Link } from 'react-router';
import { Rocket } from 'lucide-react';
import { EditorContext } from '../../editor/editor-context.tsx';
import { useEditor, type ConfigEditor } from '../../editor/use-editor.ts';
import { textAt } from '../../editor/read-data.ts';
import { Chip } from '../../parts/chips.tsx';
import { Empty, ErrorNote, Loading } from '../../parts/notes.tsx';
import { PageFrame } from '../../parts/page-frame.tsx';
import { useTranslate } from '../../words/language.tsx';
import { paths } from '../paths.ts';
import { FileSection } from '../sections/file-section.tsx';
import { fileIcon, sectionOf, sections } from '../sections/sections.ts';
import { ApplyPanel } from './apply-panel.tsx';
import { ConflictNote } from './conflict-note.tsx';
import '../sections/sections.css';

/** A project's configuration file, section by section; the same parts that the wizard asks for. */
export function SettingsPage() {
  const [search] = useSearchParams();
  const file = search.get('file');
  const t = useTranslate();
  if (file === null) return <PageFrame title={t('nav.settings')}><div className="sheet"><Empty title={t('settings.no-file')} /></div></PageFrame>;
  return <SettingsOf key={file} file={file} />;
}

function SettingsOf({ file }: { file: string }) {
  const t = useTranslate();
  const { section = 'repository' } = useParams();
  const editor = useEditor({ path: file });
  const name = textAt(editor.data, ['project']) || file;
  return (
    <PageFrame title={name} crumbs={[{ text: t('nav.overview'), to: paths.overview }, { text: t('nav.settings') }]} actions={<SaveActions editor={editor} />}>
      {editor.status === 'loading' && <Loading lines={5} />}
      {editor.error && <ErrorNote error={editor.error} />}
      {editor.conflict && <ConflictNote editor={editor} file={editor.conflict} />}
      {editor.status === 'ready' && (
        <EditorContext value={{ editor, showsMissing: true }}>
          <div className="split">
            <SectionLinks file={file} section={section} editor={editor} />
            <SectionBody section={section} file={file} />
          </div>
        </EditorContext>
      )}
    </PageFrame>
  );
}

function SaveActions({ editor }: { editor: ConfigEditor }) {
  const t = useTranslate();
  if (!editor.isDirty) return null;
  return (
    <Group gap="xs">
      {editor.isKept && <span className="quiet">{t('wizard.kept')}</span>}
      <Chip tone="warn">{t('settings.unsaved')}</Chip>
      <Button variant="default" onClick={() => void editor.discard()}>{t('settings.discard')}</Button>
      <Button onClick={() => void editor.save()} disabled={editor.conflict !== undefined}>{t('save')}</Button>
    </Group>
  );
}

function SectionLinks({ file, section, editor }: { file: string; section: string; editor: ConfigEditor }) {
  const t = useTranslate();
  const links = [
    ...sections.map(({ name, icon }) => ({ name, icon, label: t(`section.${name}`), problems: editor.problems.filter((problem) => sectionOf(problem) === name).length })),
    { name: 'file', icon: fileIcon, label: t('section.file'), problems: editor.problems.filter((problem) => sectionOf(problem) === undefined).length },
    { name: 'apply', icon: Rocket, label: t('section.apply'), problems: 0 },
  ];
  return (
    <Stack component="nav" gap={2} className="steps-side" aria-label={t('settings.sections')}>
      {links.map(({ name, icon: Icon, label, problems }) => (
        <Link key={name} to={paths.settings(file, name)} replace className="step-link" aria-current={name === section ? 'page' : undefined}>
          <Icon size={17} aria-hidden />{label}
          {problems > 0 && <span className="end"><Chip tone="bad"><span aria-hidden>{problems}</span><span className="hidden-text">{t('count.problems', { count: problems })}</span></Chip></span>}
        </Link>
      ))}
    </Stack>
  );
}

function SectionBody({ section, file }: { section: string; file: string }) {
  if (section === 'apply') return <ApplyPanel file={file} />;
  if (section === 'file') return <FileSection />;
  const found = sections.find(({ name }) => name === section) ?? sections[0]!;
  return <found.Body />;
}
