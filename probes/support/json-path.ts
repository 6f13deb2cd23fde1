import { query, type JsonValue } from 'jsonpath-rfc9535';
import parse from 'jsonpath-rfc9535/parser';
import { z } from 'zod';

export type { JsonValue };

/** The values at an RFC 9535 path, none where nothing is there. Throws a SyntaxError for what is no path. */
export const valuesAt = (document: JsonValue, path: string): JsonValue[] => query(document, path);

/** A field that holds a path whose cost stays in proportion to the document, whatever the document is. */
export const jsonPathSchema = z
  .string()
  .min(1)
  .max(500)
  .superRefine((path, issues) => {
    const message = objection(path);
    if (message !== null) issues.addIssue({ code: 'custom', message });
  });

const mostChoices = 100;

function objection(path: string): string | null {
  let nodes: Node[];
  try {
    nodes = walk(parse(path) as Node, false);
  } catch (error) {
    return `not a JSON path of RFC 9535, such as $.items[0].state: ${(error as Error).message}`;
  }
  const named = (name: string) => (node: Node) => node.type === 'FunctionExpr' && node['name'] === name;
  if (nodes.some(named('match')) || nodes.some(named('search'))) {
    return 'match() and search() are not offered, for their time has no bound: compare the value instead';
  }
  if (nodes.filter((node) => node.type === 'DescendantSegment').length > 1) return 'only one .. may stand in a path';
  if (nodes.some((node) => node.inFilter && node.type === 'JsonPathQuery')) {
    return 'inside a filter a path from $ has to lead to one value';
  }
  const choices = nodes.reduce((product, node) => product * ((node['selectors'] as unknown[])?.length ?? 1), 1);
  return choices > mostChoices ? `too many alternatives: at most ${mostChoices} combinations` : null;
}

interface Node {
  type: string;
  inFilter?: boolean;
  [key: string]: unknown;
}

/** All nodes of a syntax tree, each with whether it stands in a filter. */
function walk(node: Node, inFilter: boolean): Node[] {
  const below = inFilter || node.type === 'FilterSelector';
  const children = Object.values(node)
    .flat()
    .filter((child): child is Node => typeof child === 'object' && child !== null && 'type' in child);
  return [{ ...node, inFilter }, ...children.flatMap((child) => walk(child, below))];
}
