// What can be done with one database.
import { DropdownMenu } from 'radix-ui';
import { Copy, Download, Lock, MoreHorizontal, Pencil, Play, Send, Square, Tag, Trash2, Unlock, Waypoints } from 'lucide-react';
import type { DatabaseInfo } from '../client/types';
import { administer, environmentOf, isProduction, useApp } from '../state/app';
import { strings } from '../strings';
import { IconButton } from '../ui/parts';
import type { Task } from './TaskDialog';

const t = strings.databases;
const environments = ['', 'development', 'staging', 'production'];

export function RowActions({ info, hasAliases, onTask }: { info: DatabaseInfo; hasAliases: boolean; onTask(task: Task): void }) {
  const client = useApp((app) => app.client)!;
  const isOnline = info.requestedStatus === 'online';
  const isReadOnly = info.access === 'read-only';
  const isSystem = info.type === 'system';
  const environment = environmentOf(info);
  const task = (words: 'copy' | 'rename' | 'alias' | 'drop' | 'stop') => () => onTask({ kind: 'ask', words, info });
  const label = (next: string) => void administer(t.labelled(info.name, next), () => client.setOption(info.name, 'environment', next === '' ? null : next));
  const toggle = () => {
    if (isOnline && isProduction(info)) task('stop')();
    else void administer(isOnline ? t.stopped(info.name) : t.started(info.name), () => client.setStatus(info.name, isOnline ? 'offline' : 'online'));
  };
  return (
    <>
      {!isSystem && <IconButton label={isOnline ? t.stop(info.name) : t.start(info.name)} onClick={toggle}>{isOnline ? <Square size={14} /> : <Play size={14} />}</IconButton>}
      <DropdownMenu.Root>
        <DropdownMenu.Trigger asChild>
          <button type="button" className="icon-button" aria-label={t.actions(info.name)}><MoreHorizontal size={16} /></button>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className="menu" align="end" sideOffset={4} collisionPadding={8}>
            <DropdownMenu.Item onSelect={task('copy')} disabled={isSystem}><Copy size={14} />{t.menu.copy}</DropdownMenu.Item>
            <DropdownMenu.Item onSelect={() => onTask({ kind: 'send', info })} disabled={isSystem}><Send size={14} />{client.kind === 'server' ? t.menu.toBrowser : t.menu.toServer}</DropdownMenu.Item>
            <DropdownMenu.Item onSelect={() => onTask({ kind: 'download', info })} disabled={isSystem}><Download size={14} />{t.menu.download}</DropdownMenu.Item>
            <DropdownMenu.Separator />
            <DropdownMenu.Item onSelect={task('rename')} disabled={isSystem}><Pencil size={14} />{t.menu.rename}</DropdownMenu.Item>
            {hasAliases && <DropdownMenu.Item onSelect={task('alias')} disabled={isSystem}><Waypoints size={14} />{t.menu.alias}</DropdownMenu.Item>}
            <DropdownMenu.Item disabled={isSystem} onSelect={() => void administer(isReadOnly ? t.madeWritable(info.name) : t.madeReadOnly(info.name),
              () => client.setAccess(info.name, isReadOnly ? 'read-write' : 'read-only'))}>
              {isReadOnly ? <Unlock size={14} /> : <Lock size={14} />}{isReadOnly ? t.menu.writable : t.menu.readOnly}
            </DropdownMenu.Item>
            <DropdownMenu.Sub>
              <DropdownMenu.SubTrigger disabled={isSystem}><Tag size={14} />{t.menu.environment}</DropdownMenu.SubTrigger>
              <DropdownMenu.Portal>
                <DropdownMenu.SubContent className="menu">
                  <DropdownMenu.RadioGroup value={environment} onValueChange={label}>
                    {environments.map((name) => <DropdownMenu.RadioItem key={name} value={name}>{name || t.menu.noEnvironment}</DropdownMenu.RadioItem>)}
                  </DropdownMenu.RadioGroup>
                </DropdownMenu.SubContent>
              </DropdownMenu.Portal>
            </DropdownMenu.Sub>
            <DropdownMenu.Separator />
            <DropdownMenu.Item className="danger" onSelect={task('drop')} disabled={isSystem}><Trash2 size={14} />{t.menu.drop}</DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
    </>
  );
}
