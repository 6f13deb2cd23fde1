import { stringify } from 'yaml';
import { configApiVersion } from '../contract/config-file.ts';
import { escapeVariables } from './variables.ts';

/** A variable's place in a document, apart from texts that only look alike. */
class Variable {
  constructor(readonly name: string) {}
}

/** The text of a config file. `sections` gives what it holds; it marks a place for a variable by calling `variable`. */
export async function writeConfigFile(
  sections: (variable: (name: string) => unknown) => Promise<object>,
): Promise<string> {
  const document = await sections((name) => new Variable(name));
  return stringify(
    { apiVersion: configApiVersion, ...(written(document) as object) },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}

/** A copy in which variables are written as `${NAME}`, and texts so that they are not taken for one. */
function written(value: unknown): unknown {
  if (value instanceof Variable) return `\${${value.name}}`;
  if (typeof value === 'string') return escapeVariables(value);
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, written(item)]));
}
