/** Light, dark, or as the device says. */
import { signal } from '@preact/signals';

export type Theme = 'auto' | 'light' | 'dark';
const KEY = 'theme';

export const theme = signal<Theme>((localStorage.getItem(KEY) as Theme | null) ?? 'auto');

export function applyTheme(): void {
  if (theme.value === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
}

export function setTheme(next: Theme): void {
  localStorage.setItem(KEY, next);
  theme.value = next;
  applyTheme();
}
