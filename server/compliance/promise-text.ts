import type { ObjectiveInput } from '../contract/agreements.ts';
import { lengthText } from '../domain/length-text.ts';

/** What an objective promises, in words. */
export function promiseText(objective: ObjectiveInput): string {
  const share = (target: string | null | undefined, allowMisses: number | null | undefined): string =>
    target == null ? `all but ${allowMisses}` : `${target} %`;
  switch (objective.type) {
    case 'availability':
    case 'success':
      return `${objective.target} %`;
    case 'latency':
      return `${objective.target} % within ${shortMs(objective.threshold)}`;
    case 'outage':
      if (objective.longest != null) return `no outage longer than ${lengthText(objective.longest)}`;
      if (objective.atMost != null) return `at most ${objective.atMost} outages`;
      if (objective.meanRestore != null) return `restored within ${lengthText(objective.meanRestore)} on average`;
      return `${lengthText(objective.meanBetween!)} between outages on average`;
    case 'response':
    case 'resolution':
      return `${share(objective.target, objective.allowMisses)} within ${lengthText(objective.within)}`;
    case 'recovery':
      if (objective.within == null) return `never older than ${lengthText(objective.maxAge!)}`;
      return `${share(objective.target, objective.allowMisses)} within ${lengthText(objective.within)}`;
    case 'metric': {
      const unit = objective.unit ? ` ${objective.unit}` : '';
      return objective.atLeast == null ? `at most ${objective.atMost}${unit}` : `at least ${objective.atLeast}${unit}`;
    }
  }
}

const shortMs = (ms: number): string => (ms < 1_000 ? `${ms} ms` : lengthText(ms));
