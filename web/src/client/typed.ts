// Values that lose nothing on their way from one engine to another: what the server's REST API
// calls application/vnd.nexus.typed+json.

export interface Typed {
  $type: string;
  _value: unknown;
}

export const typed = ($type: string, _value: unknown): Typed => ({ $type, _value });
export const text = (value: string) => typed('String', value);
export const list = (values: Typed[]) => typed('List', values);
export const map = (entries: Record<string, Typed>) => typed('Map', entries);

export const isNull = (value: Typed) => value.$type === 'Null';
export const textsOf = (value: Typed): string[] => (value._value as Typed[]).map(({ _value }) => _value as string);

/** The `_value` of a VECTOR. */
export interface TypedVector {
  coordinatesType: string;
  coordinates: string[];
}

function isVector(value: unknown): value is TypedVector {
  const { coordinatesType, coordinates } = (value ?? {}) as Partial<TypedVector>;
  return typeof coordinatesType === 'string' && Array.isArray(coordinates) && coordinates.every((text) => typeof text === 'string');
}

/** What may be a property, however deep; anything else came from a damaged file. */
export function isTyped(value: unknown, depth = 0): value is Typed {
  const { $type, _value } = (value ?? {}) as Partial<Typed>;
  if (typeof $type !== 'string' || depth > 8) return false;
  if ($type === 'Null') return _value === null;
  if ($type === 'Boolean') return typeof _value === 'boolean';
  if ($type === 'List') return Array.isArray(_value) && _value.every((item) => isTyped(item, depth + 1));
  if ($type === 'Map') return typeof _value === 'object' && _value !== null && Object.values(_value).every((item) => isTyped(item, depth + 1));
  if ($type === 'Vector') return isVector(_value);
  return typeof _value === 'string';
}
