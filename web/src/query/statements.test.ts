import { expect, test } from 'vitest';
import { parametersIn, parameterValue, statementAt, statementsIn } from './statements';

const texts = (text: string) => statementsIn(text).map((statement) => statement.text);

test('semicolons end statements, but not in strings, names and comments', () => {
  expect(texts("RETURN ';' AS a; RETURN `;` ; // x; y\nRETURN \"a\\\";b\" /* ; */;")).toEqual(
    ["RETURN ';' AS a", 'RETURN `;`', '// x; y\nRETURN "a\\";b" /* ; */']);
  expect(texts(' ; // nothing\n;')).toEqual([]);
  expect(texts("RETURN 'open; RETURN 2")).toEqual(["RETURN 'open; RETURN 2"]);
});

test('the statement at the cursor is the one it stands in, or the last', () => {
  const text = 'RETURN 1;\nRETURN 2;\n\n';
  expect(statementAt(text, 3)?.text).toBe('RETURN 1');
  expect(statementAt(text, 12)?.text).toBe('RETURN 2');
  expect(statementAt(text, text.length)?.text).toBe('RETURN 2');
  expect(statementAt('  ', 1)).toBeNull();
  expect(text.slice(statementAt(text, 12)!.from, statementAt(text, 12)!.to)).toBe('RETURN 2');
});

test('parameters are found outside strings and comments only', () => {
  expect(parametersIn("RETURN $b, $a, '$c', `$d` // $e\n, $b + $größe")).toEqual(['b', 'a', 'größe']);
  expect(parameterValue('[1, 2]')).toEqual([1, 2]);
  expect(parameterValue('word')).toBe('word');
  expect(parameterValue(' ')).toBeNull();
});
