/** What is different between two versions of an agreement: settings in words, texts word by word. */
import type { DocumentDifference } from '../../contract/agreement-document.ts';
import { textsSchema } from '../../contract/agreements.ts';
import { clauseTitles } from '../../contract/clause-titles.ts';
import { agreementSettings } from './agreement-settings.ts';
import { isOfFramework, textOf, type Source, type TextName } from './document-context.ts';
import { readable } from './plain-text.ts';
import type { Setting } from './setting.ts';
import { textDifference } from './text-difference.ts';

/** Compares two versions, each with the names it was written with; nothing where both say the same. */
export function documentDifference(earlier: Source, later: Source): DocumentDifference {
  const [before, after] = [readable(earlier), readable(later)];
  return { settings: settingsDifference(before, after), texts: textsDifference(before, after) };
}

/** In the order of the later version; what it no longer has comes last. */
function settingsDifference(before: Source, after: Source): DocumentDifference['settings'] {
  const [old, young] = [before, after].map(
    (source) => new Map(agreementSettings(source).map((one) => [one.id, one])),
  ) as [Map<string, Setting>, Map<string, Setting>];
  const ids = new Set([...young.keys(), ...old.keys()]);
  const isNameOfNew = (id: string): boolean => {
    const [, objective] = /^(objective\..+)\.title$/.exec(id) ?? [];
    return objective !== undefined && old.has(objective) !== young.has(objective);
  };
  return [...ids].flatMap((id) => {
    // An objective that came or went is told with its name already.
    if (isNameOfNew(id)) return [];
    const [was, is] = [old.get(id)?.text ?? '', young.get(id)?.text ?? ''];
    const label = (young.get(id) ?? old.get(id))!.label;
    return was === is ? [] : [{ label, before: was || null, after: is || null }];
  });
}

const textsDifference = (before: Source, after: Source): DocumentDifference['texts'] =>
  (Object.keys(textsSchema.shape) as TextName[]).flatMap((name) => {
    const [was, is] = [textOf(before, name), textOf(after, name)];
    if (was === is) return [];
    const isShared = [before, after].some((source) => isOfFramework(source, name));
    const label = isShared ? `${clauseTitles[name]}, in the framework terms` : clauseTitles[name];
    return [{ label, pieces: textDifference(was, is) }];
  });
