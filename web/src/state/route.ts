// The address is the state: `#/query?db=flights`. A link never runs anything by itself.
import { useSyncExternalStore } from 'react';

export const screens = ['query', 'schema', 'databases', 'import', 'samples', 'settings'] as const;
export type Screen = (typeof screens)[number];

export interface Route {
  screen: Screen;
  database: string | null;
  query: string | null;
}

export function readRoute(hash = location.hash): Route {
  const [path, search = ''] = hash.replace(/^#\/?/, '').split('?');
  const asked = new URLSearchParams(search);
  const screen = screens.find((name) => name === path) ?? 'query';
  return { screen, database: asked.get('db'), query: asked.get('q') };
}

export function hashOf({ screen, database, query }: Partial<Route> & { screen: Screen }): string {
  const search = new URLSearchParams();
  if (database) search.set('db', database);
  if (query) search.set('q', query);
  const text = search.toString();
  return `#/${screen}${text ? `?${text}` : ''}`;
}

let current = readRoute();
const listeners = new Set<() => void>();
window.addEventListener('hashchange', () => {
  current = readRoute();
  for (const listener of listeners) listener();
});

export function useRoute(): Route {
  return useSyncExternalStore((listener) => (listeners.add(listener), () => listeners.delete(listener)), () => current);
}

/** Forgets the query of a link once it is in the editor, without an entry in the browser's history. */
export function forgetQuery(): void {
  if (current.query === null) return;
  current = { ...current, query: null };
  history.replaceState(null, '', hashOf(current));
  for (const listener of listeners) listener();
}

export function go(route: Partial<Route> & { screen: Screen }): void {
  location.hash = hashOf(route);
}
