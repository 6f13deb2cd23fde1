import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { RunningObjective } from '../contract/compliance.ts';
import type { BoardBudget } from '../contract/live.ts';
import { RunningFiguresService } from '../compliance/running-figures.service.ts';

/** The worst first; what is not among them tells of no budget. */
const ranks = ['breached', 'missed', 'below-target', 'at-risk', 'on-track', 'met'];

/** Budgets by service: of each the one that is worst off. */
@Injectable()
export class BoardBudgets {
  /** By agreement, then by service. */
  readonly #known = new Map<string, ReadonlyMap<string, BoardBudget>>();
  #worst = new Map<string, BoardBudget>();

  constructor(readonly figures: RunningFiguresService) {}

  of(serviceKey: string): BoardBudget | null {
    return this.#worst.get(serviceKey) ?? null;
  }

  /** Reads those of some agreements, or all; answers the services whose budget is another. What is not known now stays. */
  async read(agreements?: readonly string[]): Promise<string[]> {
    const found = await this.figures.known(agreements);
    for (const key of agreements ?? [...this.#known.keys()]) if (!found.has(key)) this.#known.delete(key);
    for (const [key, objectives] of found) if (objectives) this.#known.set(key, budgetsOf(objectives));
    const before = this.#worst;
    this.#worst = worstOf([...this.#known.values()]);
    return [...new Set([...before.keys(), ...this.#worst.keys()])].filter(
      (key) => !isDeepStrictEqual(before.get(key), this.#worst.get(key)),
    );
  }
}

function budgetsOf(objectives: readonly RunningObjective[]): Map<string, BoardBudget> {
  const own = objectives.flatMap(({ services, ...objective }) => {
    const budget = budgetOf(objective);
    return budget ? services.map((service) => new Map([[service, budget]])) : [];
  });
  return worstOf(own);
}

function budgetOf({ agreement, key, verdict, budget }: Omit<RunningObjective, 'services'>): BoardBudget | null {
  if (!ranks.includes(verdict)) return null;
  const named = { agreement, objective: key, verdict };
  if (budget.seconds !== null && budget.leftSeconds !== null)
    return { ...named, unit: 'seconds', left: Math.floor(budget.leftSeconds), all: Math.floor(budget.seconds) };
  if (budget.events === null || budget.leftEvents === null) return null;
  return { ...named, unit: 'misses', left: budget.leftEvents, all: budget.events };
}

function worstOf(all: readonly ReadonlyMap<string, BoardBudget>[]): Map<string, BoardBudget> {
  const worst = new Map<string, BoardBudget>();
  for (const budgets of all)
    for (const [service, budget] of budgets) {
      const known = worst.get(service);
      if (!known || isWorse(budget, known)) worst.set(service, budget);
    }
  return worst;
}

/** The worse verdict, then the smaller share that is left. */
function isWorse(one: BoardBudget, other: BoardBudget): boolean {
  const difference = ranks.indexOf(one.verdict) - ranks.indexOf(other.verdict);
  return difference < 0 || (difference === 0 && shareOf(one) < shareOf(other));
}

const shareOf = ({ left, all }: BoardBudget): number => (all > 0 ? left / all : Math.sign(left));
