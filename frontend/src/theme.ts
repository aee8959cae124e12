import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** Leaves in shade: the product's one colour. Shade 7 under and on white, and shade 4 on the dark panels, pass 4.5 : 1. */
const leaf: MantineColorsTuple = [
  '#edf7f2',
  '#dcebe3',
  '#b6d7c7',
  '#8dc2a9',
  '#6ab08f',
  '#53a57f',
  '#2f8a64',
  '#1f7453',
  '#155d42',
  '#0a4a33',
];

/** The grey of the dark scheme, with a breath of green, as the panels have it. */
const dark: MantineColorsTuple = [
  '#d5dbd8',
  '#b2bdb7',
  '#919d97',
  '#5f6b66',
  '#36403c',
  '#2a322f',
  '#1b211f',
  '#161b19',
  '#111614',
  '#0f1312',
];

export const theme = createTheme({
  primaryColor: 'leaf',
  primaryShade: 7,
  colors: { leaf, dark },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', SFMono-Regular, Menlo, Consolas, monospace",
  headings: { fontWeight: '600' },
  defaultRadius: 'md',
  respectReducedMotion: true,
  cursorType: 'pointer',
});
