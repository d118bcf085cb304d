import { expect, test } from 'vitest';
import { integerOf, kindsOfValues } from './graph.fixture';
import { fileOf, kindOf, piecesOf, type Piece } from './graph';

const pieces: Piece[] = [
  { schema: ['CREATE CONSTRAINT `c` FOR (n:`A`) REQUIRE (n.`x`) IS UNIQUE'] },
  { node: ['a', ['A', 'odd `label`'], kindsOfValues] }, { node: ['b', [], integerOf({})] },
  { relationship: ['KNOWS', 'a', 'b', integerOf({ since: 9007199254740993n })] },
];
async function* all(given: Piece[]) { yield* given; }
const read = async (file: Blob) => {
  const found: Piece[] = [];
  for await (const piece of piecesOf(file)) found.push(piece);
  return found;
};
const gzip = (lines: string[]) => new Response(new Blob([lines.map((line) => line + '\n').join('')]).stream().pipeThrough(new CompressionStream('gzip'))).blob();

test('a graph comes back from its file as it was', async () => {
  const file = await fileOf(all(pieces), () => {});
  expect(await kindOf(file)).toBe('graph');
  expect(await read(file)).toEqual(pieces);
});

test('a file that is cut or changed is refused', async () => {
  const file = await fileOf(all(pieces), () => {});
  await expect(read(file.slice(0, file.size - 20))).rejects.toThrow(/damaged/);
  const bytes = new Uint8Array(await file.arrayBuffer());
  bytes[bytes.length - 6] ^= 1;
  await expect(read(new Blob([bytes]))).rejects.toThrow(/damaged/);
});

test('what is whole but wrong is refused', async () => {
  const head = '{"format":"nexus-graph","version":1}';
  const cases: [RegExp, string[]][] = [
    [/its end is missing/, [head, '{"schema":[]}']], [/its end is missing/, [head, '{"end":{"nodes":1,"relationships":0}}']],
    [/line 2/, [head, '{"node":["a",["A"],{"x":1}]}']], [/line 2/, [head, 'nonsense']], [/line 2/, [head, '{"schema":["DROP DATABASE shop"]}']],
    [/neither a dump/, ['{"format":"other"}']], [/newer/, ['{"format":"nexus-graph","version":2}']],
  ];
  for (const [why, lines] of cases) await expect(read(await gzip(lines))).rejects.toThrow(why);
  expect(await kindOf(new Blob(['NEXUSDMP and more']))).toBe('dump');
  expect(await kindOf(new Blob(['id,name\n']))).toBeNull();
});
