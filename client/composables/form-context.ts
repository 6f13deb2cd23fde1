import { inject, type InjectionKey, provide } from 'vue';
import type { SchemaField } from '../model/schema-field.ts';

/** A field to be drawn, with its value and the way to change it. */
export interface FieldPart {
  field: SchemaField;
  path: string;
  value: unknown;
  set: (next: unknown) => void;
}

/** What the fields of a form know of it. */
export interface FormContext {
  /** What is wrong at a path, the first word on it; undefined where nothing is. */
  messageAt: (path: string) => string | undefined;
  /** What is wrong at a path or anywhere below it. */
  messagesBelow: (path: string) => readonly string[];
  /** What the form holds at a path. */
  valueAt: (path: string) => unknown;
  /** The id of what is drawn for a path. */
  idOf: (path: string) => string;
  /** Tells that somebody dealt with a field, so that it may be judged. */
  touch: (path: string) => void;
}

const key: InjectionKey<FormContext> = Symbol('form');

export const provideForm = (context: FormContext): void => provide(key, context);

/** The form that a field stands in. @throws Error outside of a form */
export function useFormContext(): FormContext {
  const context = inject(key);
  if (!context) throw new Error('A field stands in no form');
  return context;
}

/** The path of something below another path. */
export const pathBelow = (path: string, name: string | number): string =>
  path === '' ? String(name) : `${path}.${name}`;
