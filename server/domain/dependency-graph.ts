/** Services and what they rest on, as keys. */
export type DependencyGraph = ReadonlyMap<string, readonly string[]>;

interface Step {
  key: string;
  upstream: Iterator<string>;
}

/**
 * The cycles of a graph, each as the keys along it with the first repeated at its end: `[a, b, c, a]`. Every cycle
 * contains at least one edge that closes a reported one; a graph without cycles gives none. Linear in its size.
 */
export function findCycles(graph: DependencyGraph): string[][] {
  const cycles: string[][] = [];
  const finished = new Set<string>();
  for (const start of graph.keys()) {
    if (!finished.has(start)) walk(start, graph, finished, cycles);
  }
  return cycles;
}

/** Depth first without recursion: a chain of services may be longer than the call stack. */
function walk(start: string, graph: DependencyGraph, finished: Set<string>, cycles: string[][]): void {
  const enter = (key: string): Step => ({ key, upstream: (graph.get(key) ?? [])[Symbol.iterator]() });
  const path: Step[] = [enter(start)];
  const depthOf = new Map([[start, 0]]);
  for (let step = path.at(-1); step; step = path.at(-1)) {
    const { value: next, done } = step.upstream.next();
    if (done) {
      finished.add(step.key);
      depthOf.delete(step.key);
      path.pop();
      continue;
    }
    const depth = depthOf.get(next);
    if (depth !== undefined) cycles.push([...path.slice(depth).map(({ key }) => key), next]);
    else if (!finished.has(next)) {
      depthOf.set(next, path.length);
      path.push(enter(next));
    }
  }
}
