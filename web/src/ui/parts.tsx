// The small parts that screens are made of.
import { Dialog, Tooltip } from 'radix-ui';
import { X } from 'lucide-react';
import type { ButtonHTMLAttributes, ReactElement, ReactNode } from 'react';
import type { DatabaseInfo } from '../client/types';
import { environmentOf, stateName } from '../state/app';
import { strings } from '../strings';

export function Hint({ text, children }: { text: string; children: ReactElement }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className="hint" sideOffset={6} collisionPadding={8}>{text}</Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

export function IconButton({ label, children, ...rest }: { label: string; children: ReactNode } & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <Hint text={label}>
      <button type="button" className="icon-button" aria-label={label} {...rest}>{children}</button>
    </Hint>
  );
}

export function Modal({ open, onClose, title, description, wide, children }: {
  open: boolean; onClose(): void; title: string; description?: ReactNode; wide?: boolean; children: ReactNode;
}) {
  return (
    <Dialog.Root open={open} onOpenChange={(now) => { if (!now) onClose(); }}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        {/* A message is closed without closing what it lies over. */}
        <Dialog.Content onInteractOutside={(event) => { if ((event.target as Element).closest('.toasts')) event.preventDefault(); }} className={`modal${wide ? ' wide' : ''}`} {...(description ? {} : { 'aria-describedby': undefined })}>
          <div className="modal-head">
            <Dialog.Title>{title}</Dialog.Title>
            <Dialog.Close asChild><button type="button" className="icon-button" aria-label={strings.close}><X size={16} /></button></Dialog.Close>
          </div>
          {description && <Dialog.Description className="muted">{description}</Dialog.Description>}
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The same hue for the same name, everywhere: a database is recognised before it is read. */
export function hueOf(name: string): number {
  let hash = 7;
  for (let at = 0; at < name.length; ++at) hash = Math.imul(hash ^ name.charCodeAt(at), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 12)) >>> 0) % 360;
}

export function DatabaseDot({ name }: { name: string }) {
  return <span className="database-dot" aria-hidden="true" style={{ '--hue': hueOf(name) } as React.CSSProperties} />;
}

export function StateBadge({ info }: { info: DatabaseInfo }) {
  const tone = info.currentStatus === 'online' ? 'good' : info.currentStatus === 'offline' ? 'quiet' : 'bad';
  return <span className={`badge ${tone}`} title={info.statusMessage || undefined}>{stateName(info)}</span>;
}

export function EnvironmentBadge({ info }: { info: DatabaseInfo }) {
  const environment = environmentOf(info);
  return environment === '' ? null : <span className={`badge env-${environment.toLowerCase()}`}>{environment}</span>;
}

const counts = new Intl.NumberFormat('en');
export const count = (value: number) => counts.format(value);
export function bytes(value: number | null): string {
  if (value === null) return '–';
  for (const [unit, size] of [['GB', 2 ** 30], ['MB', 2 ** 20], ['kB', 2 ** 10]] as const) {
    if (value >= size) return `${(value / size).toFixed(value >= 10 * size ? 0 : 1)} ${unit}`;
  }
  return `${value} B`;
}

/** A point in time, as the reader writes it. */
export const moment = (iso: string) => new Date(iso).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });

export function ErrorBox({ title, detail }: { title: string; detail?: string }) {
  return (
    <div className="error-box" role="alert">
      <strong>{title}</strong>
      {detail && <span className="code">{detail}</span>}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}
