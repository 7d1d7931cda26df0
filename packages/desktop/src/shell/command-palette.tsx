import { lazy, Suspense, useRef } from 'react';
import { useHotkeys } from '@mantine/hooks';
import { useSpotlight } from '@mantine/spotlight';
import { palette, paletteStore } from './palette-store.ts';

const PaletteBody = lazy(async () => ({ default: (await import('./palette-body.tsx')).PaletteBody }));

/** Everything by its name: Ctrl K. Loaded when it is asked for the first time. */
export function CommandPalette() {
  const { opened } = useSpotlight(paletteStore);
  const wasWanted = useRef(false);
  if (opened) wasWanted.current = true;
  useHotkeys([['mod+K', palette.toggle]], []);
  return wasWanted.current ? <Suspense><PaletteBody /></Suspense> : null;
}
