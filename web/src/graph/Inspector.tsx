// Everything of one node or relationship, copyable.
import { Copy, X } from 'lucide-react';
import { NodeValue, toJson, toText, typeName, type RelationshipValue } from '../client/values';
import { strings } from '../strings';
import { IconButton } from '../ui/parts';
import { colourBare } from './model';

export function Inspector({ entity, colours, onClose }: {
  entity: NodeValue | RelationshipValue; colours: Map<string, string>; onClose(): void;
}) {
  const isNode = entity instanceof NodeValue;
  const properties = Object.entries(entity.properties);
  const copy = (text: string) => void navigator.clipboard?.writeText(text);
  return (
    <aside className="inspector" aria-label={strings.inspector.title}>
      <div className="inspector-head">
        <div className="chips">
          {isNode ? entity.labels.map((label) => <span key={label} className="chip"><i style={{ background: colours.get(label) ?? colourBare }} />{label}</span>)
            : <span className="chip type"><i />{entity.type}</span>}
          {isNode && entity.labels.length === 0 && <span className="muted">{strings.graph.unlabelled}</span>}
        </div>
        <IconButton label={strings.inspector.copy} onClick={() => copy(JSON.stringify(toJson(entity), null, 2))}><Copy size={14} /></IconButton>
        <IconButton label={strings.close} onClick={onClose}><X size={15} /></IconButton>
      </div>
      <dl>
        {properties.map(([key, value]) => (
          <div key={key} className="property">
            <dt>{key} <small>{typeName(value)}</small></dt>
            <dd>{toText(value)}</dd>
          </div>
        ))}
        {properties.length === 0 && <p className="muted">{strings.inspector.noProperties}</p>}
        <div className="property quiet">
          <dt>{strings.inspector.elementId}</dt>
          <dd>{entity.elementId}</dd>
        </div>
      </dl>
    </aside>
  );
}
