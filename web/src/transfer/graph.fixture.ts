// Properties for tests, as they travel.
import { list, map, text, typed, type Typed } from '../client/typed';

export const integerOf = (values: Record<string, bigint>): Typed =>
  map(Object.fromEntries(Object.entries(values).map(([key, value]) => [key, typed('Integer', String(value))])));

export const kindsOfValues: Typed = map({
  text: text('ein "Wort" ♥\n'), yes: typed('Boolean', true), whole: typed('Float', '2.0'), date: typed('Date', '2020-02-29'),
  point: typed('Point', 'SRID=7203;POINT (1 2)'), list: list([text('a'), text('')]),
});
