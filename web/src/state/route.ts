// The address is the state: `#/query?db=flights`. A link never runs anything by itself.
import { useSyncExternalStore } from 'react';

export const screens = ['query', 'schema', 'databases', 'access', 'import', 'samples', 'settings'] as const;
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

let address = location.hash;
let current = readRoute(address);
const listeners = new Set<() => void>();

// The event comes after the address changed, when that may have changed again.
function follow(): void {
  if (location.hash === address) return;
  address = location.hash;
  current = readRoute(address);
  for (const listener of listeners) listener();
}
window.addEventListener('hashchange', follow);

export function useRoute(): Route {
  return useSyncExternalStore((listener) => (listeners.add(listener), () => listeners.delete(listener)), () => current);
}

/** Forgets the query of a link once it is in the editor, without an entry in the browser's history. */
export function forgetQuery(): void {
  if (current.query === null) return;
  history.replaceState(null, '', hashOf({ ...current, query: null }));
  follow();
}

export function go(route: Partial<Route> & { screen: Screen }): void {
  location.hash = hashOf(route);
  follow();
}
