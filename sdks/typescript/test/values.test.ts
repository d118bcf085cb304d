import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Duration, Float, Point, Temporal, Vector } from '../src/index.js';
import { decode, encode } from '../src/values.js';

test('durations', () => {
  const all: [string, Duration][] = [
    ['P1Y2M-3DT-0.9999995S', new Duration({ months: 14, days: -3, seconds: -1, nanoseconds: 500 })],
    ['PT1H1M1S', new Duration({ seconds: 3661 })],
    ['PT0S', new Duration({})],
    ['P7DT-0.5S', new Duration({ days: 7, nanoseconds: -500_000_000 })],
    ['PT-1H-1S', new Duration({ seconds: -3601 })],
    ['P-1Y-1M', new Duration({ months: -13 })],
  ];
  for (const [text, duration] of all) {
    assert.equal(String(duration), text);
    assert.deepEqual(Duration.parse(text), duration);
  }
  for (const text of ['', 'P', 'PT', 'P1', '1Y', 'PT1.S', 'P1YT']) assert.throws(() => Duration.parse(text), SyntaxError);
});

test('points', () => {
  assert.equal(String(new Point(7203, 1, 2.5)), 'SRID=7203;POINT (1.0 2.5)');
  assert.deepEqual(Point.parse('SRID=4979;POINT Z (1.0 2.0 3.0)'), new Point(4979, 1, 2, 3));
  assert.throws(() => new Point(4979, 1, 2), RangeError);
  assert.throws(() => new Point(7203, 1, 2, 3), RangeError);
});

test('vectors', () => {
  for (const array of [Int8Array.of(-128, 127), BigInt64Array.of(9007199254740993n), Float32Array.of(0.1, -1e30), Float64Array.of(5e-324)]) {
    assert.deepEqual(decode(encode(new Vector(array)) as any), new Vector(array));
  }
  assert.deepEqual(encode(new Vector(Int16Array.of(1, 2))), { $type: 'Vector', _value: { coordinatesType: 'INTEGER16', coordinates: ['1', '2'] } });
  assert.equal(JSON.stringify([new Vector(Float64Array.of(1.5, 2))]), '[[1.5,2]]');
  assert.throws(() => new Vector(Uint8Array.of(1) as any), TypeError);
});

test('moments', () => {
  const moment = new Temporal('DateTime', '2015-07-21T21:40:32.142123456+01:00[Europe/London]');
  assert.equal(moment.zone, 'Europe/London');
  assert.equal(moment.toDate().toISOString(), '2015-07-21T20:40:32.142Z');
  assert.equal(new Temporal('Date', '2024-02-29').toDate().toISOString(), '2024-02-29T00:00:00.000Z');
  assert.equal(new Temporal('LocalDateTime', '2024-02-29T00:07').toDate().toISOString(), '2024-02-29T00:07:00.000Z');
  assert.equal(new Temporal('Date', '+12345-01-01').toDate().getUTCFullYear(), 12345);
  assert.equal(new Temporal('Date', '-0005-01-01').toDate().getUTCFullYear(), -5);
  assert.throws(() => new Temporal('Time', '12:31Z').toDate(), TypeError);
  assert.throws(() => new Temporal('Date', '+999999999-01-01').toDate(), RangeError);
});

test('parameters', () => {
  assert.equal(JSON.stringify(encode([1, 1.5, true, null, undefined, 'x'])), '[1,1.5,true,null,null,"x"]');
  assert.deepEqual(encode(2n ** 60n), { $type: 'Integer', _value: '1152921504606846976' });
  assert.deepEqual(encode(1e300), { $type: 'Float', _value: '1e+300' });
  assert.deepEqual(encode(NaN), { $type: 'Float', _value: 'NaN' });
  assert.deepEqual(encode(new Float(1)), { $type: 'Float', _value: '1' });
  assert.deepEqual(encode(new Date(0)), { $type: 'OffsetDateTime', _value: '1970-01-01T00:00:00.000Z' });
  assert.deepEqual(encode({ a: { b: undefined } }), { a: {} });
  assert.throws(() => encode(2n ** 63n), RangeError);
  assert.throws(() => encode(new Map()), TypeError);
  assert.throws(() => encode(() => 1), TypeError);
});

test('integers', () => {
  assert.equal(decode({ $type: 'Integer', _value: '9007199254740991' }), 9007199254740991);
  assert.equal(decode({ $type: 'Integer', _value: '9007199254740992' }), 9007199254740992n);
  assert.equal(decode({ $type: 'Integer', _value: '1' }, 'bigint'), 1n);
  assert.throws(() => decode({ $type: 'Uuid', _value: [] }), /Uuid/);
});

test('a key named __proto__ is an ordinary key', () => {
  const map = JSON.parse('{"__proto__": {"$type": "Integer", "_value": "1"}}');
  const decoded = decode({ $type: 'Map', _value: map }) as object;
  assert.deepEqual(Object.keys(decoded), ['__proto__']);
  assert.equal(Object.getPrototypeOf(decoded), Object.prototype);
});
