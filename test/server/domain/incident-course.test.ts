import { describe, expect, it } from 'vitest';
import { courseFaults, stageOf, type IncidentCourse } from '../../../server/domain/incident-course.ts';

const course = (more: Partial<IncidentCourse> = {}): IncidentCourse => ({
  startedMs: 10,
  detectedMs: null,
  reportedMs: 20,
  acknowledgedMs: null,
  respondedMs: null,
  resolvedMs: null,
  closedMs: null,
  pauses: [],
  ...more,
});
const told = (more: Partial<IncidentCourse>) =>
  courseFaults(course(more), 100).map(({ moment, message }) => `${moment} ${message}`);

describe('the course of an incident', () => {
  it.each([
    ['open', {}],
    ['acknowledged', { acknowledgedMs: 30 }],
    ['pending', { acknowledgedMs: 30, pauses: [{ fromMs: 40, toMs: Infinity }] }],
    ['acknowledged', { acknowledgedMs: 30, pauses: [{ fromMs: 40, toMs: 50 }] }],
    ['resolved', { resolvedMs: 60 }],
    ['closed', { resolvedMs: 60, closedMs: 70 }],
  ] as const)('is %s by its instants', (stage, more) => {
    expect(stageOf(course(more))).toBe(stage);
    expect(told(more)).toEqual([]);
  });

  it('may have all its instants at once, and detection after the report', () => {
    const all = { acknowledgedMs: 10, respondedMs: 10, resolvedMs: 10, closedMs: 10 };
    expect(told({ ...all, reportedMs: 10, detectedMs: 10 })).toEqual([]);
    expect(told({ detectedMs: 25, acknowledgedMs: 22 })).toEqual([]);
  });

  it.each([
    [{ startedMs: 21 }, 'reportedMs must not be before it started'],
    [{ detectedMs: 9 }, 'detectedMs must not be before it started'],
    [{ acknowledgedMs: 19 }, 'acknowledgedMs must not be before it was reported'],
    [{ respondedMs: 19 }, 'respondedMs must not be before it was reported'],
    [{ acknowledgedMs: 30, resolvedMs: 29 }, 'resolvedMs must not be before it was acknowledged'],
    [{ respondedMs: 30, resolvedMs: 29 }, 'resolvedMs must not be before somebody responded'],
    [{ resolvedMs: 40, closedMs: 39 }, 'closedMs must not be before it was resolved'],
    [{ closedMs: 40 }, 'closedMs needs resolvedAt: what is not resolved is not closed'],
    [{ reportedMs: null }, 'reportedMs must be given, or detectedAt'],
    [{ acknowledgedMs: 101 }, 'acknowledgedMs must not be in the future'],
    [{ pauses: [{ fromMs: 19, toMs: 30 }] }, 'reportedMs must not be after it began to wait'],
    [{ resolvedMs: 29, pauses: [{ fromMs: 22, toMs: 30 }] }, 'resolvedMs must not be before it waited'],
  ] as const)('that is %j is refused, naming the instant', (more, fault) => {
    expect(told(more)).toEqual([fault]);
  });
});
