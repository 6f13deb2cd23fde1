import { boardLayoutSchema } from '../../server/contract/boards.ts';
import type { BoardInfo, BoardService } from '../../server/contract/live.ts';

/** The board of everything, as a snapshot names it. */
export const boardInfo: BoardInfo = { key: 'all', name: 'All services', layout: boardLayoutSchema.parse({}) };

/** A service that is up and was just seen, with what a test wants otherwise. */
export const boardService = (parts: Partial<BoardService> = {}): BoardService => ({
  key: 'payroll',
  name: 'Payroll',
  category: 'application',
  tier: 1,
  owner: { key: 'hr-it', name: 'HR IT' },
  tags: [],
  dependsOn: [],
  state: 'up',
  since: '2026-03-01T08:00:00.000Z',
  suspect: false,
  reason: null,
  observedAt: '2026-03-01T09:59:50.000Z',
  latencyMs: 42,
  freshForMs: 60_000,
  probes: 1,
  uptime: '0.999912',
  latencies: Array<number | null>(30).fill(42),
  changes: [],
  maintenance: null,
  handled: null,
  budget: null,
  ...parts,
});
