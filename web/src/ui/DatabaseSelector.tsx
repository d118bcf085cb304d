// Which database is current, always in sight; Ctrl-P opens it from anywhere.
import { Popover } from 'radix-ui';
import { ChevronsUpDown, Settings2 } from 'lucide-react';
import { useApp } from '../state/app';
import { go } from '../state/route';
import { strings } from '../strings';
import { FilterList } from './FilterList';
import { DatabaseDot, EnvironmentBadge, count, hueOf } from './parts';

const t = strings.selector;

export function DatabaseSelector({ open, onOpen }: { open: boolean; onOpen(open: boolean): void }) {
  const { databases, database, choose } = useApp();
  const info = databases.find(({ name, aliases }) => name === database || aliases.includes(database));
  return (
    <Popover.Root open={open} onOpenChange={onOpen}>
      <Popover.Trigger asChild>
        <button type="button" className="selector" aria-label={t.label(database)} style={{ '--hue': hueOf(database) } as React.CSSProperties}>
          <DatabaseDot name={database} />
          <span className="selector-name">{database}</span>
          {info && <EnvironmentBadge info={info} />}
          {info && info.currentStatus !== 'online' && <span className="badge bad">{strings.databases.states[info.currentStatus] ?? info.currentStatus}</span>}
          {info?.access === 'read-only' && <span className="badge warn">{strings.databases.readOnly}</span>}
          <ChevronsUpDown size={14} aria-hidden />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="popover" align="start" sideOffset={6} collisionPadding={8} onOpenAutoFocus={(event) => event.preventDefault()}>
          <FilterList
            items={databases} label={t.list} placeholder={t.filter(databases.length)} current={database}
            keyOf={({ name }) => name} textOf={({ name, aliases }) => [name, ...aliases].join(' ')}
            onPick={({ name }) => { choose(name); onOpen(false); }}
            render={(item) => (
              <>
                <DatabaseDot name={item.name} />
                <span className={`selector-name${item.name === database ? ' strong' : ''}`}>{item.name}</span>
                <EnvironmentBadge info={item} />
                <span className="spring" />
                <span className="muted small">{item.currentStatus === 'online' ? t.nodes(count(item.nodeCount)) : strings.databases.states[item.currentStatus] ?? item.currentStatus}</span>
              </>
            )}
            footer={
              <button type="button" className="popover-foot" onClick={() => { onOpen(false); go({ screen: 'databases', database }); }}>
                <Settings2 size={14} aria-hidden />{t.manage}
              </button>
            }
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
