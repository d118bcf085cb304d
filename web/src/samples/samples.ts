// Graphs to try things with. `flights` and `miserables` come from the npm package vega-datasets
// (BSD-3-Clause) when the interface is built; `planets` is written below. All work offline.
import airportsFile from '../../node_modules/vega-datasets/data/airports.csv?url';
import flightsFile from '../../node_modules/vega-datasets/data/flights-airport.csv?url';
import miserablesFile from '../../node_modules/vega-datasets/data/miserables.json?url';
import { ImportError, convertRecords, guessMapping, parseCsv, parseJson, type Mapping, type Source } from '../import/convert';
import { writeAll, type Progress } from '../import/write';
import type { NexusClient } from '../client/types';
import { strings } from '../strings';

export interface Sample {
  name: string;
  title: string;
  description: string;
  facts: string;
  source: string;
  queries: { title: string; query: string }[];
  load(client: NexusClient, database: string, signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<void>;
}

async function textOf(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new ImportError(strings.samples.missing(url));
  return response.text();
}

interface Job {
  source: Source;
  mapping: Mapping;
}

const nodes = (source: Source, name: string, key: string): Job =>
  ({ source, mapping: { ...guessMapping(source, []), kind: 'nodes', name, key } });

function relationships(source: Source, name: string, label: string, key: string, from: string, to: string): Job {
  const guessed = guessMapping(source, [{ label, key }]);
  const columns = guessed.columns.map((plan) => ({ ...plan, used: plan.column !== from && plan.column !== to }));
  return { source, mapping: { ...guessed, kind: 'relationships', name, columns, start: { label, key, column: from }, end: { label, key, column: to } } };
}

async function write(client: NexusClient, database: string, jobs: Job[], signal: AbortSignal, onProgress: (progress: Progress) => void) {
  const bad = jobs.map(({ source, mapping }) => convertRecords(source, mapping)).find(({ rejected }) => rejected > 0);
  if (bad) throw new ImportError(bad.problems[0].message);
  await writeAll(client, database, jobs, signal, onProgress);
}

// Name, kind, mean distance from the Sun in million km, diameter in km, moons with diameters in km.
const planets: [string, string, number, number, [string, number][]][] = [
  ['Mercury', 'rocky', 57.9, 4879, []], ['Venus', 'rocky', 108.2, 12104, []], ['Earth', 'rocky', 149.6, 12742, [['Moon', 3475]]],
  ['Mars', 'rocky', 227.9, 6779, [['Phobos', 22], ['Deimos', 12]]],
  ['Jupiter', 'gas giant', 778.5, 139820, [['Io', 3643], ['Europa', 3122], ['Ganymede', 5268], ['Callisto', 4821]]],
  ['Saturn', 'gas giant', 1432, 116460, [['Titan', 5150], ['Enceladus', 504], ['Rhea', 1527], ['Iapetus', 1469], ['Mimas', 396]]],
  ['Uranus', 'ice giant', 2867, 50724, [['Titania', 1577], ['Oberon', 1523], ['Miranda', 472], ['Ariel', 1158]]],
  ['Neptune', 'ice giant', 4515, 49244, [['Triton', 2707], ['Nereid', 340]]],
];

const t = strings.samples.list;

export const samples: Sample[] = [
  {
    name: 'miserables', ...t.miserables, source: 'vega-datasets, BSD-3-Clause',
    queries: [
      { title: t.miserables.q[0], query: 'MATCH p = (:Character)-[:APPEARS_WITH]->(:Character) RETURN p' },
      { title: t.miserables.q[1], query: 'MATCH (c:Character)-[:APPEARS_WITH]-(o)\nRETURN c.name AS name, count(DISTINCT o) AS others ORDER BY others DESC LIMIT 10' },
      { title: t.miserables.q[2], query: "MATCH p = shortestPath((a:Character {name: 'Napoleon'})-[:APPEARS_WITH*]-(b:Character {name: 'Gavroche'}))\nRETURN p" },
    ],
    async load(client, database, signal, onProgress) {
      const [people, links] = parseJson('miserables.json', await textOf(miserablesFile)).sort((a, b) => b.name.localeCompare(a.name));
      await write(client, database, [nodes(people, 'Character', 'index'),
        relationships(links, 'APPEARS_WITH', 'Character', 'index', 'source', 'target')], signal, onProgress);
    },
  },
  {
    name: 'flights', ...t.flights, source: 'vega-datasets, BSD-3-Clause',
    queries: [
      { title: t.flights.q[0], query: "MATCH (a:Airport {iata: 'JFK'})-[r:FLIES_TO]->(b)\nRETURN b.name AS airport, b.city AS city, r.count AS flights ORDER BY flights DESC LIMIT 20" },
      { title: t.flights.q[1], query: "MATCH p = (:Airport {iata: 'ANC'})-[:FLIES_TO]->(:Airport)-[:FLIES_TO]->(:Airport {state: 'AK'}) RETURN p" },
      { title: t.flights.q[2], query: 'MATCH (a:Airport)-[r:FLIES_TO]->()\nRETURN a.state AS state, count(*) AS routes, sum(r.count) AS flights ORDER BY flights DESC' },
    ],
    async load(client, database, signal, onProgress) {
      const airports = parseCsv('airports.csv', await textOf(airportsFile));
      const flights = parseCsv('flights.csv', await textOf(flightsFile));
      await write(client, database, [nodes(airports, 'Airport', 'iata'),
        relationships(flights, 'FLIES_TO', 'Airport', 'iata', 'origin', 'destination')], signal, onProgress);
    },
  },
  {
    name: 'planets', ...t.planets, source: strings.samples.ours,
    queries: [
      { title: t.planets.q[0], query: 'MATCH p = (:Star)<-[:ORBITS]-(:Planet)<-[:ORBITS*0..1]-() RETURN p' },
      { title: t.planets.q[1], query: 'MATCH (p:Planet)\nRETURN p.name AS planet, p.kind AS kind, p.diameterKm AS diameter, COUNT { (p)<-[:ORBITS]-(:Moon) } AS moons ORDER BY p.distance' },
      { title: t.planets.q[2], query: 'MATCH (m:Moon)-[:ORBITS]->(p:Planet), (small:Planet)\nWHERE m.diameterKm > small.diameterKm\nRETURN m.name AS moon, p.name AS of, small.name AS largerThan' },
    ],
    async load(client, database, signal, onProgress) {
      onProgress({ done: 0, total: 1 });
      await client.run(
        "MERGE (sun:Star {name: 'Sun'}) WITH sun UNWIND $planets AS row " +
        'MERGE (p:Planet {name: row.name}) SET p.kind = row.kind, p.distance = row.distance, p.diameterKm = row.diameter ' +
        'MERGE (p)-[:ORBITS]->(sun) WITH p, row UNWIND row.moons AS moon ' +
        'MERGE (m:Moon {name: moon.name}) SET m.diameterKm = moon.diameter MERGE (m)-[:ORBITS]->(p)',
        {
          database, signal,
          parameters: {
            planets: planets.map(([name, kind, distance, diameter, moons]) =>
              ({ name, kind, distance, diameter, moons: moons.map(([moon, size]) => ({ name: moon, diameter: size })) })),
          },
        });
      onProgress({ done: 1, total: 1 });
    },
  },
];
