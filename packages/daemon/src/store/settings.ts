import type { Store } from './open-store.ts';

/** What the daemon remembers for itself, by name. */
export function getSetting(store: Store, name: string): string | undefined {
  return (store.sql('SELECT value FROM settings WHERE name = ?').get(name) as { value: string } | undefined)?.value;
}

export function setSetting(store: Store, name: string, value: string): void {
  store.sql('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)').run(name, value);
}
