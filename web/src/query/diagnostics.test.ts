import { expect, test } from 'vitest';
import { ClientError, type NexusClient } from '../client/types';
import { Checker, questionOf } from './diagnostics';

test('a statement is asked as EXPLAIN, and places stay where they are', () => {
  expect(questionOf('MATCH (n) RETURN n')).toBe('EXPLAIN MATCH (n) RETURN n');
  expect(questionOf('profile MATCH (n) RETURN n')).toBe('EXPLAIN         MATCH (n) RETURN n');
  expect(questionOf('/* why */ EXPLAIN\n PROFILE // x\n PROFILE CREATE (n)')).toBe('EXPLAIN /* why */        \n         // x\n         CREATE (n)');
  expect(questionOf('PROFILED')).toBe('EXPLAIN PROFILED');
  expect(questionOf(':USE shop')).toBeNull();
  expect(questionOf('EXPLAIN')).toBeNull();
});

function checkerOf(answer: (question: string) => ClientError | null) {
  const asked: string[] = [];
  const client = {
    async run(question: string) {
      asked.push(question);
      const error = answer(question);
      if (error) throw error;
    },
  } as unknown as NexusClient;
  return { asked, checker: new Checker(client, 'shop') };
}
const { signal } = new AbortController();
const refusal = (code: string, offset: number) => new ClientError('no', code, '', { line: 1, column: offset + 1, offset });

test('each statement is asked once, and its problem is placed in the statement', async () => {
  const { asked, checker } = checkerOf((question) => (question.includes('RETRN') ? refusal('SyntaxError', 18) : null));
  const [problem] = await checker.check('RETURN 1; MATCH (n) RETRN n', signal);
  expect(problem).toMatchObject({ statement: { from: 10 }, position: { offset: 10, column: 11 }, isUnsupported: false });
  await checker.check('RETURN 1; MATCH (n) RETRN n; RETURN 2', signal);
  expect(asked).toEqual(['EXPLAIN RETURN 1', 'EXPLAIN MATCH (n) RETRN n', 'EXPLAIN RETURN 2']);
});

test('what is not about the text is no problem of it', async () => {
  const answers: Record<string, ClientError> = {
    'EXPLAIN a': refusal('ParameterMissing', 9), 'EXPLAIN b': refusal('UnsupportedOperationError', 0), 'EXPLAIN c': new ClientError('stopped', 'DatabaseUnavailable'),
  };
  const { asked, checker } = checkerOf((question) => answers[question]);
  expect(await checker.check('a; b; c', signal)).toEqual([]);
  // A database that is away is asked again; the others are known.
  await checker.check('a; b; c', signal);
  expect(asked.length).toBe(4);
});

test('a text that is too large is left alone', async () => {
  const { asked, checker } = checkerOf(() => null);
  expect(await checker.check(`RETURN '${'x'.repeat(60_000)}'`, signal)).toEqual([]);
  expect(asked).toEqual([]);
});
