import { z } from 'zod';

/** The JSON Schema of what a route takes in its body, for the API's documentation. */
export const inputJsonSchema = (schema: z.ZodType): Record<string, unknown> => {
  const { $schema: _dialect, ...body } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return body;
};
