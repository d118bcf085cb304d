// The state that every screen shares: the connection, its databases, the chosen one, messages.
import { create } from 'zustand';
import { ClientError, type BackendInfo, type DatabaseInfo, type NexusClient } from '../client/types';
import { ServerClient } from '../client/server';
import { strings } from '../strings';
import { go, readRoute } from './route';

export interface Toast {
  id: number;
  kind: 'done' | 'failed';
  text: string;
  detail?: string;
}

interface App {
  client: NexusClient | null;
  info: BackendInfo | null;
  /** Why there is no connection. */
  failure: ClientError | null;
  connecting: boolean;
  databases: DatabaseInfo[];
  defaultDatabase: string;
  database: string;
  toasts: Toast[];
  connect(client: NexusClient): Promise<void>;
  refresh(): Promise<void>;
  choose(database: string): void;
  tell(kind: Toast['kind'], text: string, detail?: string): void;
  dismiss(id: number): void;
}

let nextToast = 1;

export const useApp = create<App>((set, get) => ({
  client: null,
  info: null,
  failure: null,
  connecting: false,
  databases: [],
  defaultDatabase: '',
  database: '',
  toasts: [],

  async connect(client) {
    const before = get().client;
    set({ connecting: true, failure: null });
    try {
      const [info, list] = [await client.info(), await client.databases()];
      const asked = readRoute().database;
      const known = (name: string | null) => list.databases.some((found) => found.name === name || found.aliases.includes(name ?? ''));
      const kept = localStorage.getItem(`nexus:database:${client.key}`);
      const database = known(asked) ? asked! : known(kept) ? kept! : list.default;
      set({ client, info, databases: list.databases, defaultDatabase: list.default, database, connecting: false });
      if (before && before !== client) await before.close().catch(() => {});
    } catch (error) {
      set({ connecting: false, failure: asError(error) });
      if (client !== before) await client.close().catch(() => {});
      throw error;
    }
  },

  async refresh() {
    const { client } = get();
    if (!client) return;
    try {
      const list = await client.databases();
      if (get().client !== client) return;
      const gone = !list.databases.some((found) => found.name === get().database || found.aliases.includes(get().database));
      set({ databases: list.databases, defaultDatabase: list.default, failure: null, ...(gone ? { database: list.default } : {}) });
    } catch (error) {
      if (get().client === client) set({ failure: asError(error) });
    }
  },

  choose(database) {
    const { client } = get();
    if (client) localStorage.setItem(`nexus:database:${client.key}`, database);
    set({ database });
    go({ screen: readRoute().screen, database });
  },

  tell(kind, text, detail) {
    const id = nextToast++;
    set({ toasts: [...get().toasts.slice(-3), { id, kind, text, detail }] });
    if (kind === 'done') setTimeout(() => get().dismiss(id), 5000);
  },
  dismiss: (id) => set({ toasts: get().toasts.filter((toast) => toast.id !== id) }),
}));

export function asError(error: unknown): ClientError {
  if (error instanceof ClientError) return error;
  return new ClientError(error instanceof Error ? error.message : String(error), 'Failed');
}

/** The server that served this page. */
export const hereClient = () => new ServerClient('');

/** Runs an action on the databases, tells what came of it, and reads the list again. */
export async function administer(done: string, action: () => Promise<void>): Promise<boolean> {
  try {
    await action();
    useApp.getState().tell('done', done);
    return true;
  } catch (error) {
    const { message, code } = asError(error);
    useApp.getState().tell('failed', message, code);
    return false;
  } finally {
    await useApp.getState().refresh();
  }
}

export const canWriteNothing = (info: DatabaseInfo | undefined) => info?.access === 'read-only';
export const stateName = (info: DatabaseInfo) => strings.databases.states[info.currentStatus] ?? info.currentStatus;
