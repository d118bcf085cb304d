// A plan as the engine writes it: a line an operator, the last one first to run, indented
// where an operator has an input of its own.

export interface Operator {
  name: string;
  detail: string;
  children: Operator[];
}

export function readPlan(text: string): Operator[] {
  const roots: Operator[] = [];
  const open: { indent: number; into: Operator[] }[] = [{ indent: 0, into: roots }];
  let last: Operator | null = null;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const indent = line.length - line.trimStart().length;
    while (open.length > 1 && indent < open.at(-1)!.indent) open.pop();
    if (indent > open.at(-1)!.indent && last) open.push({ indent, into: last.children });
    const [, name, detail] = /^(\S+)\s*(.*)$/.exec(line.trim())!;
    last = { name, detail, children: [] };
    open.at(-1)!.into.push(last);
  }
  return roots;
}

/** What an operator costs, in words; null where there is nothing to say. */
export function adviceOn(name: string): 'allNodes' | 'product' | null {
  if (name === 'AllNodesScan') return 'allNodes';
  return name === 'CartesianProduct' ? 'product' : null;
}
