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

export interface Draft {
  id: string;
  name: string;
  text: string;
}
const draftsMax = 40;
const closedMax = 10;
const draftTextMax = textMax * 5;

const firstDrafts = new Map<string, Draft[]>();
/** There is always one, with the text that was kept before there were several. */
function firstDraft(connection: string, database: string): Draft[] {
  const key = place('draft', connection, database);
  if (!firstDrafts.has(key)) firstDrafts.set(key, [{ id: '1', name: '', text: read<string>(key, '') }]);
  return firstDrafts.get(key)!;
}
const draftsKey = (connection: string, database: string) => place('drafts', connection, database);
export const useDrafts = (connection: string, database: string) =>
  useKept<Draft[]>(draftsKey(connection, database), firstDraft(connection, database));
export const readDrafts = (connection: string, database: string) =>
  read<Draft[]>(draftsKey(connection, database), firstDraft(connection, database));

/** Another window may have changed the others meanwhile: they are read again first. */
function changeDrafts(connection: string, database: string, change: (drafts: Draft[]) => Draft[]): void {
  const key = draftsKey(connection, database);
  const known = read<Draft[]>(key, firstDraft(connection, database));
  cache.delete(key);
  const stored = read<Draft[]>(key, known);
  write(key, change(stored));
}
export const writeDraft = (connection: string, database: string, id: string, text: string) =>
  changeDrafts(connection, database, (drafts) => drafts.map((draft) => (draft.id === id ? { ...draft, text: text.slice(0, draftTextMax) } : draft)));
export const renameDraft = (connection: string, database: string, id: string, name: string) =>
  changeDrafts(connection, database, (drafts) => drafts.map((draft) => (draft.id === id ? { ...draft, name } : draft)));

/** A new draft; null when there are as many as may be. */
export function addDraft(connection: string, database: string, text: string, name = ''): string | null {
  if (readDrafts(connection, database).length >= draftsMax) return null;
  const id = `${Date.now().toString(36)}-${Math.floor(Math.random() * 2 ** 30).toString(36)}`;
  changeDrafts(connection, database, (drafts) => [...drafts, { id, name, text: text.slice(0, draftTextMax) }]);
  return id;
}

const closedKey = (connection: string, database: string) => place('closed', connection, database);
export const useClosedDrafts = (connection: string, database: string) => useKept<Draft[]>(closedKey(connection, database), none);

/** What is closed can be opened again, for a while. */
export function closeDraft(connection: string, database: string, id: string): void {
  const closed = readDrafts(connection, database).find((draft) => draft.id === id);
  changeDrafts(connection, database, (drafts) => {
    const left = drafts.filter((draft) => draft.id !== id);
    return left.length > 0 ? left : [{ id: '1', name: '', text: '' }];
  });
  const key = closedKey(connection, database);
  if (closed && closed.text.trim() !== '') write(key, [closed, ...read<Draft[]>(key, none)].slice(0, closedMax));
}
export function reopenDraft(connection: string, database: string): string | null {
  const key = closedKey(connection, database);
  const [last, ...rest] = read<Draft[]>(key, none);
  if (!last) return null;
  const id = addDraft(connection, database, last.text, last.name);
  if (id) write(key, rest);
  return id;
}

export const useActiveDraft = (connection: string, database: string) => useKept<string>(place('tab', connection, database), '');
export const setActiveDraft = (connection: string, database: string, id: string) => write(place('tab', connection, database), id);

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
