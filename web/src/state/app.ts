// The state that every screen shares: the connection, its databases, the chosen one, messages.
import { create } from 'zustand';
import { ClientError, type BackendInfo, type DatabaseInfo, type NexusClient } from '../client/types';
import { browserClient, canKeepDatabases } from '../client/browser';
import { ServerClient } from '../client/server';
import { strings } from '../strings';
import { keepConnection, keepDatabase, readConnection, readDatabase } from './kept';
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
  connect(make: () => NexusClient | Promise<NexusClient>): Promise<void>;
  refresh(): Promise<void>;
  choose(database: string): void;
  tell(kind: Toast['kind'], text: string, detail?: string): void;
  dismiss(id: number): void;
}

/** Whether a name, or an alias, is among the databases. */
export const hasDatabase = (databases: DatabaseInfo[], name: string | null) => databases.some((found) => found.name === name || found.aliases.includes(name ?? ''));

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

  async connect(make) {
    const before = get().client;
    set({ connecting: true, failure: null });
    let client: NexusClient | null = null;
    try {
      client = await make();
      const [info, list] = [await client.info(), await client.databases()];
      const asked = readRoute().database;
      const kept = readDatabase(client.key);
      const database = [asked, kept].find((name) => hasDatabase(list.databases, name)) ?? list.default;
      set({ client, info, databases: list.databases, defaultDatabase: list.default, database, connecting: false });
      keepConnection(client.kind);
      if (before && before !== client) await before.close().catch(() => {});
    } catch (error) {
      set({ connecting: false, failure: asError(error) });
      await client?.close().catch(() => {});
      throw error;
    }
  },

  async refresh() {
    const { client } = get();
    if (!client) return;
    try {
      const list = await client.databases();
      if (get().client !== client) return;
      const gone = !hasDatabase(list.databases, get().database);
      set({ databases: list.databases, defaultDatabase: list.default, failure: null, ...(gone ? { database: list.default } : {}) });
    } catch (error) {
      if (get().client === client) set({ failure: asError(error) });
    }
  },

  choose(database) {
    const { client } = get();
    if (client) keepDatabase(client.key, database);
    set({ database });
    // A link that names this database may carry a query for it: its address stays.
    const route = readRoute();
    if (route.database !== database) go({ screen: route.screen, database });
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

/** What was used last: this browser, or the server that served this page. */
export async function firstClient(): Promise<NexusClient> {
  if (canKeepDatabases && readConnection() === 'browser') return browserClient();
  return new ServerClient('');
}

/** Runs an action on the databases, tells what came of it, and reads the list again. Answers the refusal, which is told too unless `quietly`. */
export async function administer(done: string, action: () => Promise<void>, quietly = false): Promise<ClientError | null> {
  try {
    await action();
    useApp.getState().tell('done', done);
    return null;
  } catch (error) {
    const refusal = asError(error);
    if (!quietly) useApp.getState().tell('failed', refusal.message, refusal.code);
    return refusal;
  } finally {
    await useApp.getState().refresh();
  }
}

export const stateName = (info: DatabaseInfo) => strings.databases.states[info.currentStatus] ?? info.currentStatus;

/** The label that the database itself carries, for everybody who looks at it. */
export const environmentOf = ({ options }: DatabaseInfo) => (typeof options?.environment === 'string' ? options.environment : '');
export const isProduction = (info: DatabaseInfo) => environmentOf(info).toLowerCase() === 'production';
