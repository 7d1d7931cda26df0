import { Suspense, useRef } from 'react';
import { useHotkeys } from '@mantine/hooks';
import { useSpotlight } from '@mantine/spotlight';
import { lazyPart } from '../parts/lazy-part.tsx';
import { palette, paletteStore } from './palette-store.ts';

const PaletteBody = lazyPart(async () => (await import('./palette-body.tsx')).PaletteBody);

/** Everything by its name: Ctrl K. Loaded when it is asked for the first time. */
export function CommandPalette() {
  const { opened } = useSpotlight(paletteStore);
  const wasWanted = useRef(false);
  if (opened) wasWanted.current = true;
  // By the key's place: with a Cyrillic layout it gives another letter.
  useHotkeys([['mod+K', palette.toggle, { usePhysicalKeys: true }]], []);
  return wasWanted.current ? <Suspense><PaletteBody /></Suspense> : null;
}
