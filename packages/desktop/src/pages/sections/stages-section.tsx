import { Button, Group, Stack, Text } from '@mantine/core';
import { closestCenter, DndContext, KeyboardSensor, PointerSensor, useSensor, useSensors, type DragEndEvent } from '@dnd-kit/core';
import { arrayMove, SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { Plus } from 'lucide-react';
import { stageNames } from '@redcontrol/contract';
import { useConfigEditor, useProblem } from '../../editor/editor-context.tsx';
import { listAt, valueAt } from '../../editor/read-data.ts';
import { Note } from '../../parts/notes.tsx';
import { useTranslate } from '../../words/language.tsx';
import { StageRow } from './stage-row.tsx';
import { freeName } from './servers-section.tsx';

const whereNoneAreGiven: readonly unknown[] = ['build', 'migrate', 'test'];

/** The steps of a run, in their order: dragged, or moved by the keyboard. */
export function StagesSection() {
  const t = useTranslate();
  const { data, edit } = useConfigEditor();
  const steps = valueAt(data, ['pipeline']) === undefined ? [...whereNoneAreGiven] : listAt(data, ['pipeline']);
  const problem = useProblem(['pipeline'], { below: false });
  const sensors = useSensors(useSensor(PointerSensor), useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }));
  // A step with fields is not known by its name: it would be another row, without the focus, with every letter of it.
  const ids = steps.map((step, index) => (typeof step === 'string' ? `${step} ${index}` : `own ${index}`));
  const move = ({ active, over }: DragEndEvent) => {
    const from = ids.indexOf(String(active.id));
    const to = ids.indexOf(String(over?.id));
    if (from !== -1 && to !== -1 && from !== to) edit(['pipeline'], arrayMove([...steps], from, to));
  };
  const names = steps.map(stepName);
  const missing = stageNames.filter((stage) => !names.includes(stage));
  const moved = (id: string | number) => ({ step: names[ids.indexOf(String(id))] ?? '', position: ids.indexOf(String(id)) + 1, count: ids.length });
  return (
    <Stack gap="md" maw={860}>
      <Text fz="sm" c="dimmed">{t('stages.help')}</Text>
      {problem && <Note tone="bad">{problem}</Note>}
      <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={move} accessibility={{
        screenReaderInstructions: { draggable: t('stages.how') },
        announcements: {
          onDragStart: ({ active }) => t('stages.picked', moved(active.id)), onDragOver: ({ over }) => (over ? t('stages.over', moved(over.id)) : undefined),
          onDragEnd: ({ over }) => (over ? t('stages.dropped', moved(over.id)) : undefined), onDragCancel: ({ active }) => t('stages.left', moved(active.id)),
        },
      }}>
        <SortableContext items={ids} strategy={verticalListSortingStrategy}>
          <ol className="plain-list stages">{steps.map((step, index) => <StageRow key={ids[index]} id={ids[index]!} index={index} step={step} steps={steps} />)}</ol>
        </SortableContext>
      </DndContext>
      <Group gap="sm">
        {missing.map((stage) => <Button key={stage} variant="default" leftSection={<Plus size={16} aria-hidden />} onClick={() => edit(['pipeline'], [...steps, stage])}>{t(`stage.${stage}`)}</Button>)}
        <Button variant="default" leftSection={<Plus size={16} aria-hidden />} onClick={() => edit(['pipeline'], [...steps, { name: freeName(names, 'step'), run: '' }])}>{t('stages.own')}</Button>
      </Group>
    </Stack>
  );
}

export function stepName(step: unknown): string {
  if (typeof step === 'string') return step;
  return typeof step === 'object' && step !== null && 'name' in step ? String(step.name) : '';
}
