import { createTheme, type CSSVariablesResolver } from '@mantine/core';

/** Quiet greys and one accent: colour is for states. System fonts, so that none has to be loaded. */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: 7,
  autoContrast: true,
  luminanceThreshold: 0.35,
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "JetBrains Mono", "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace',
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.5rem', lineHeight: '1.3' }, h2: { fontSize: '1.15rem', lineHeight: '1.35' }, h3: { fontSize: '1rem', lineHeight: '1.4' } } },
  respectReducedMotion: true,
});

/** The library's secondary text and errors are too pale to be read (below 4.5:1). */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-dimmed': '#525b67', '--mantine-color-error': '#c01d31', '--mantine-color-placeholder': '#6b7480', '--mantine-color-anchor': '#3246b8' },
  dark: { '--mantine-color-dimmed': '#a9b1bc', '--mantine-color-error': '#ff9a9a', '--mantine-color-placeholder': '#98a1ad', '--mantine-color-anchor': '#a4b4ff' },
});
