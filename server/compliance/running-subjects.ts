/** Names of what running figures rest on, as marks of changes carry them. */
export const subjectOf = {
  service: (id: number): string => `service:${id}`,
  agreement: (key: string): string => `agreement:${key}`,
  calendar: (key: string): string => `calendar:${key}`,
  metric: (key: string): string => `metric:${key}`,
} as const;
