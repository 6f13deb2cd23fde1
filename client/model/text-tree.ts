/** Lines of a text, which say how deep they are, as lists within lists. Pure. */
import type { TextLine } from '../../server/contract/agreement-document.ts';

export interface TextList {
  readonly kind: 'list';
  readonly isOrdered: boolean;
  readonly items: { readonly number: number; readonly nodes: TextNode[] }[];
}
export type TextNode = { readonly kind: 'line'; readonly line: TextLine } | TextList;

export function textTree(lines: readonly TextLine[]): TextNode[] {
  const root: TextNode[] = [];
  /** The lists that are open, the deepest last. */
  let open: TextList[] = [];
  const nodes = (): TextNode[] => open.at(-1)?.items.at(-1)?.nodes ?? root;
  for (const line of lines) {
    const depth = line.role === 'item' ? Math.max(1, line.depth) : line.depth;
    open = open.slice(0, depth);
    if (line.role === 'item') {
      const isOrdered = line.marker !== '•';
      if (open.length === depth && open.at(-1)?.isOrdered !== isOrdered) open = open.slice(0, -1);
      const number = Number.parseInt(line.marker ?? '1', 10) || 1;
      while (open.length < depth) {
        const list: TextList = { kind: 'list', isOrdered, items: [] };
        nodes().push(list);
        open = [...open, list];
        if (open.length < depth) list.items.push({ number: 1, nodes: [] });
      }
      open.at(-1)!.items.push({ number, nodes: [] });
    }
    nodes().push({ kind: 'line', line });
  }
  return root;
}
