import { Tooltip } from 'radix-ui';
import { CircleAlert, CircleCheck, Database, FileUp, HardDrive, Moon, Search, Server, Settings, Shapes, Sparkles, Sun, SunMoon, TerminalSquare, Users, X } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState, type ComponentType } from 'react';
import { DatabasesScreen } from './databases/DatabasesScreen';
import { QueryScreen, modKey } from './query/QueryScreen';
import { firstClient, hasDatabase, useApp } from './state/app';
import { setTheme, useTheme, type Theme } from './state/kept';
import { hashOf, screens, useRoute, type Screen } from './state/route';
import { strings } from './strings';
import { Boundary } from './ui/Boundary';
import { Connect } from './ui/Connect';
import { DatabaseSelector } from './ui/DatabaseSelector';
import { Palette } from './ui/Palette';
import { IconButton, Modal } from './ui/parts';
import { SettingsScreen } from './ui/SettingsScreen';

// What is not needed to ask the first question is loaded when its screen is opened.
const AccessScreen = lazy(() => import('./access/AccessScreen').then(({ AccessScreen: view }) => ({ default: view })));
const ImportScreen = lazy(() => import('./import/ImportScreen').then(({ ImportScreen: view }) => ({ default: view })));
const SamplesScreen = lazy(() => import('./samples/SamplesScreen').then(({ SamplesScreen: view }) => ({ default: view })));
const SchemaScreen = lazy(() => import('./schema/SchemaScreen').then(({ SchemaScreen: view }) => ({ default: view })));

const pollMs = 5000;

const pages: Record<Screen, { icon: ComponentType<{ size?: number; strokeWidth?: number }>; view: ComponentType }> = {
  query: { icon: TerminalSquare, view: QueryScreen }, schema: { icon: Shapes, view: SchemaScreen }, databases: { icon: Database, view: DatabasesScreen },
  access: { icon: Users, view: AccessScreen }, import: { icon: FileUp, view: ImportScreen }, samples: { icon: Sparkles, view: SamplesScreen }, settings: { icon: Settings, view: SettingsScreen },
};

function useAppliedTheme(): Theme {
  const theme = useTheme();
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const apply = () => { document.documentElement.dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme; };
    apply();
    dark.addEventListener('change', apply);
    return () => dark.removeEventListener('change', apply);
  }, [theme]);
  return theme;
}

export function App() {
  const theme = useAppliedTheme();
  const { client, info, failure, connecting, connect, database, choose, refresh, databases } = useApp();
  const route = useRoute();
  const [selecting, setSelecting] = useState(false);
  const [palette, setPalette] = useState(false);
  const [changing, setChanging] = useState(false);
  const asked = useRef(false);

  useEffect(() => { connect(firstClient).catch(() => {}); }, [connect]);

  // A link or the back button may name another database.
  useEffect(() => {
    if (client && route.database && route.database !== database && hasDatabase(databases, route.database)) {
      choose(route.database);
    }
  }, [client, route]); // eslint-disable-line

  useEffect(() => {
    if (!client) return;
    const timer = setInterval(() => { if (document.visibilityState === 'visible') void refresh(); }, pollMs);
    return () => clearInterval(timer);
  }, [client, refresh]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || !useApp.getState().client) return;
      if (event.key === 'k') setPalette((open) => !open);
      else if (event.key === 'p') setSelecting((open) => !open);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, []);
  useEffect(() => { document.title = client ? `${database} · Nexus` : 'Nexus'; }, [client, database]);

  if (!client) {
    // What was typed stays while it is tried.
    asked.current ||= !connecting && failure !== null;
    return (
      <main className="landing">
        <div className="brand large"><Logo />Nexus</div>
        {connecting && !asked.current ? <p className="muted">{strings.connection.connecting}</p> : <>{failure?.code === 'Unreachable' && <p className="muted">{strings.connection.noServer}</p>}<Connect onDone={() => {}} /></>}
      </main>
    );
  }
  const View = pages[route.screen].view;
  const ThemeIcon = theme === 'dark' ? Moon : theme === 'light' ? Sun : SunMoon;
  return (
    <Tooltip.Provider delayDuration={400}>
      <a className="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById('main')?.focus(); }}>{strings.skip}</a>
      <div className="shell">
        <header className="top">
          <div className="brand"><Logo />Nexus</div>
          <DatabaseSelector open={selecting} onOpen={setSelecting} />
          <span className="spring" />
          <button type="button" className="search-button" onClick={() => setPalette(true)}><Search size={14} aria-hidden /><span>{strings.palette.button}</span><kbd>{modKey} K</kbd></button>
          <button type="button" className={`connection${failure ? ' lost' : ''}`} onClick={() => setChanging(true)} title={failure?.message}>
            {client.kind === 'browser' ? <HardDrive size={14} aria-hidden /> : <Server size={14} aria-hidden />}<i aria-hidden="true" />
            <span>{failure ? strings.connection.lost : info?.place}</span>
          </button>
          <IconButton label={strings.themes.change(strings.themes[theme])} onClick={() => setTheme(theme === 'system' ? 'light' : theme === 'light' ? 'dark' : 'system')}><ThemeIcon size={16} /></IconButton>
        </header>
        <nav className="rail" aria-label={strings.navigation}>
          {screens.map((screen) => {
            const Icon = pages[screen].icon;
            return (
              <a key={screen} href={hashOf({ screen, database })} aria-current={route.screen === screen ? 'page' : undefined} className={screen === 'settings' ? 'last' : ''}>
                <Icon size={19} strokeWidth={1.75} /><span>{strings.screens[screen]}</span>
              </a>
            );
          })}
        </nav>
        <main id="main" className="main" tabIndex={-1}><Boundary key={route.screen}><Suspense fallback={<p className="padded muted">{strings.loading}</p>}><View key={client.key} /></Suspense></Boundary></main>
      </div>
      <Palette open={palette} onClose={() => setPalette(false)} onConnect={() => setChanging(true)} />
      <Modal open={changing} onClose={() => setChanging(false)} title={strings.connection.title} wide><Connect onDone={() => setChanging(false)} /></Modal>
      <Toasts />
    </Tooltip.Provider>
  );
}

function Toasts() {
  const { toasts, dismiss } = useApp();
  return (
    <div className="toasts" role="region" aria-label={strings.messages} aria-live="polite">
      {toasts.map(({ id, kind, text, detail }) => (
        <div key={id} className={`toast ${kind}`} role={kind === 'failed' ? 'alert' : 'status'}>
          {kind === 'done' ? <CircleCheck size={17} aria-hidden /> : <CircleAlert size={17} aria-hidden />}
          <div><span>{text}</span>{detail && <small className="code">{detail}</small>}</div>
          <button type="button" className="icon-button" aria-label={strings.close} onClick={() => dismiss(id)}><X size={14} /></button>
        </div>
      ))}
    </div>
  );
}

function Logo() {
  return (
    <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0f766e" />
      <path d="M9.5 22.5V9.5l13 13v-13" fill="none" stroke="#99f6e4" strokeWidth="2.2" strokeLinejoin="round" />
      <g fill="#fff"><circle cx="9.5" cy="9.5" r="3.2" /><circle cx="22.5" cy="22.5" r="3.2" /></g>
      <g fill="#5eead4"><circle cx="9.5" cy="22.5" r="3.2" /><circle cx="22.5" cy="9.5" r="3.2" /></g>
    </svg>
  );
}
