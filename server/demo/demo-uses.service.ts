import { Injectable } from '@nestjs/common';
import {
  AgreementsService,
  currentTerms,
  namedOf,
  openProposal,
  type AgreementTerms,
} from '../agreements/agreements.service.ts';
import type { AgreementInput } from '../contract/agreements.ts';
import { Problem } from '../platform/problem.ts';
import { DemoRepository } from './demo.repository.ts';

interface DemoNames {
  agreement: ReadonlySet<string>;
  metric: ReadonlySet<string>;
  framework: ReadonlySet<string>;
  service: readonly string[];
  team: readonly string[];
  calendar: readonly string[];
}

/** What of somebody's own rests on the demo, so that its figures would change if the demo went. */
@Injectable()
export class DemoUsesService {
  constructor(
    readonly demo: DemoRepository,
    readonly agreements: AgreementsService,
  ) {}

  /** Of agreements, in any text that holds, held or may come to hold. @throws Problem in-use */
  async assertNone(): Promise<void> {
    const names: DemoNames = {
      agreement: new Set(await this.demo.names('agreement')),
      metric: new Set(await this.demo.names('metric')),
      framework: new Set(await this.demo.names('framework')),
      service: await this.demo.names('service'),
      team: await this.demo.names('team'),
      calendar: await this.demo.names('calendar'),
    };
    const own = (await this.agreements.terms()).filter(({ key }) => !names.agreement.has(key));
    const uses = own.flatMap((agreement) =>
      [...new Set(textsOf(agreement).flatMap((text) => usesIn(text, names)))].map(
        (use) => `agreement "${agreement.key}" ${use}`,
      ),
    );
    for (const { agreement, service } of await this.demo.correctedElsewhere())
      uses.push(`agreement "${agreement}" has a correction on service "${service}"`);
    if (uses.length > 0) throw new Problem('in-use', uses.join('; '));
  }
}

/** What was returned or withdrawn never comes to hold as it is. */
function textsOf(agreement: AgreementTerms): AgreementInput[] {
  const { draft, versions } = agreement;
  const open = openProposal(agreement);
  const texts = [currentTerms(agreement), ...versions.map(({ terms }) => terms)];
  return [...texts, ...(draft ? [draft] : []), ...(open ? [open.terms] : [])];
}

function usesIn(text: AgreementInput, names: DemoNames): string[] {
  const named = (['service', 'team', 'calendar'] as const).flatMap((kind) =>
    namedOf(text, kind, names[kind]).map((key) => `names ${kind} "${key}"`),
  );
  const below = text.restsOn.filter((reference) => names.agreement.has(reference.split('/')[0]!));
  const measured = Object.values(text.objectives).flatMap((objective) => {
    if (objective.type === 'metric' && names.metric.has(objective.metric)) return [`metric "${objective.metric}"`];
    const probe = objective.type === 'recovery' ? objective.probe : null;
    return probe && names.service.includes(probe.split('.')[0]!) ? [`probe "${probe}"`] : [];
  });
  const framework = text.framework && names.framework.has(text.framework) ? [`includes "${text.framework}"`] : [];
  return [
    ...named,
    ...framework,
    ...below.map((reference) => `rests on "${reference}"`),
    ...measured.map((what) => `is judged by ${what}`),
  ];
}
