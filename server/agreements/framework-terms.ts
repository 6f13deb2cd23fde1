/** Framework terms as agreements include them: pure. */
import { frameworkInputSchema, type FrameworkInput } from '../contract/frameworks.ts';
import type { StoredFramework, StoredFrameworkVersion } from './frameworks.repository.ts';

/** One version of framework terms, as an agreement has it. */
export interface IncludedFramework extends FrameworkInput {
  readonly key: string;
  readonly version: number;
}

/** What a version says; what the schema has got since it was written is as it is by default. */
export const frameworkText = ({ title, texts }: Pick<StoredFrameworkVersion, 'title' | 'texts'>): FrameworkInput =>
  frameworkInputSchema.parse({ title, texts });

/** The version that was the newest at an instant, or is now; the first where there was none yet. */
export function includedAt({ key, versions }: StoredFramework, atMs: number | null): IncludedFramework {
  const known = versions.find(({ at }) => atMs === null || Date.parse(at) < atMs) ?? versions.at(-1)!;
  return { key, version: known.number, ...frameworkText(known) };
}
