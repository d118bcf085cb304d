// What this browser remembers: history, saved queries and drafts of databases, each
// under its connection and database, so that nothing of one database is offered in another.
import { useSyncExternalStore } from 'react';

const historyMax = 200;
const textMax = 20_000;

export interface HistoryEntry {
  text: string;
  at: number;
  elapsedMs: number;
  rows: number | null;
  /** The message, where it failed. */
  error?: string;
}

export interface SavedQuery {
  name: string;
  text: string;
}

const listeners = new Set<() => void>();
const cache = new Map<string, unknown>();

function read<T>(key: string, fallback: T): T {
  if (!cache.has(key)) {
    let value: unknown = fallback;
    try {
      value = JSON.parse(localStorage.getItem(key) ?? 'null') ?? fallback;
    } catch {
      // Storage that is refused or damaged is as good as empty.
    }
    cache.set(key, value);
  }
  return cache.get(key) as T;
}

function write(key: string, value: unknown): void {
  cache.set(key, value);
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Full or refused: it stays in memory until the page closes.
  }
  for (const listener of listeners) listener();
}

function useKept<T>(key: string, fallback: T): T {
  return useSyncExternalStore((listener) => (listeners.add(listener), () => listeners.delete(listener)), () => read(key, fallback));
}

const none: never[] = [];
const place = (kind: string, connection: string, database: string) => `nexus:${kind}:${connection}:${database}`;

export const useHistory = (connection: string, database: string) =>
  useKept<HistoryEntry[]>(place('history', connection, database), none);
export const readHistory = (connection: string, database: string) =>
  read<HistoryEntry[]>(place('history', connection, database), none);

export function remember(connection: string, database: string, entry: HistoryEntry): void {
  if (entry.text.length > textMax) return;
  const key = place('history', connection, database);
  const before = read<HistoryEntry[]>(key, none).filter((known) => known.text !== entry.text);
  write(key, [entry, ...before].slice(0, historyMax));
}
export const clearHistory = (connection: string, database: string) => write(place('history', connection, database), []);

export const useSaved = (connection: string, database: string) => useKept<SavedQuery[]>(place('saved', connection, database), none);

export function save(connection: string, database: string, query: SavedQuery): void {
  const key = place('saved', connection, database);
  const others = read<SavedQuery[]>(key, none).filter((known) => known.name !== query.name);
  write(key, [...others, query].sort((a, b) => a.name.localeCompare(b.name)));
}
export function unsave(connection: string, database: string, name: string): void {
  const key = place('saved', connection, database);
  write(key, read<SavedQuery[]>(key, none).filter((known) => known.name !== name));
}

export const readDraft = (connection: string, database: string) => read<string>(place('draft', connection, database), '');
export const writeDraft = (connection: string, database: string, text: string) =>
  write(place('draft', connection, database), text.slice(0, textMax * 5));

export const readConnection = () => read<string>('nexus:connection', 'server');
export const keepConnection = (kind: string) => write('nexus:connection', kind);
export const readDatabase = (connection: string) => read<string | null>(`nexus:database:${connection}`, null);
export const keepDatabase = (connection: string, database: string) => write(`nexus:database:${connection}`, database);

export type Theme = 'system' | 'light' | 'dark';
export const useTheme = () => useKept<Theme>('nexus:theme', 'system');
export const setTheme = (theme: Theme) => write('nexus:theme', theme);

export interface Preferences {
  rowsMax: number;
  graphNodesMax: number;
  connectResult: boolean;
}
export const preferencesDefault: Preferences = { rowsMax: 10_000, graphNodesMax: 1000, connectResult: true };
export const usePreferences = () => useKept<Preferences>('nexus:preferences', preferencesDefault);
export const setPreferences = (change: Partial<Preferences>) =>
  write('nexus:preferences', { ...read('nexus:preferences', preferencesDefault), ...change });

/** Removes everything above, of every connection. */
export function forgetEverything(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith('nexus:')) localStorage.removeItem(key);
  cache.clear();
  for (const listener of listeners) listener();
}
