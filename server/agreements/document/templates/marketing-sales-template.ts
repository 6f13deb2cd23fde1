/** Goals that two departments give each other: leads for calls. */
import { template } from './template.ts';

export const marketingSalesTemplate = template(
  'marketing-sales',
  'Marketing and sales goals',
  'For two departments whose goals need each other: marketing delivers leads, sales takes them up.',
  {
    kind: 'SLA',
    title: 'Goals of marketing and sales',
    objectives: {
      leads: {
        type: 'metric',
        title: 'Qualified leads',
        note: 'Marketing delivers.',
        metric: 'leads-qualified',
        unit: 'leads',
        reading: 'sum',
        atLeast: '120',
      },
      quality: {
        type: 'metric',
        title: 'Leads accepted by sales',
        note: 'Marketing delivers.',
        metric: 'leads-accepted-percent',
        unit: '% of leads',
        reading: 'average',
        atLeast: '70',
      },
      'first-call': {
        type: 'metric',
        title: 'Called within a working day',
        note: 'Sales answers.',
        metric: 'leads-called-in-time-percent',
        unit: '% of leads',
        reading: 'average',
        atLeast: '95',
      },
      feedback: {
        type: 'metric',
        title: 'Leads without feedback after two weeks',
        note: 'Sales answers.',
        metric: 'leads-without-feedback',
        unit: 'leads',
        reading: 'last',
        atMost: '5',
      },
    },
    consequences: {
      actions: [
        {
          objective: 'leads',
          repeated: { misses: 2, of: 3 },
          action: 'Both review campaigns and budget within two weeks',
        },
        { objective: 'quality', action: 'Both review what makes a lead qualified' },
        { objective: 'first-call', action: 'Sales says who calls when; marketing may hold back leads until then' },
      ],
    },
    texts: {
      purpose:
        'Marketing wins leads, sales turns them into customers, and neither can do without the other. Both give each other goals that can be counted.',
      leftOut: 'Existing customers, and leads that sales found by itself.',
      definitions:
        'A *qualified lead* has a name, a company in the target group, a need within twelve months, and permission to be called. It is *accepted* when sales has set a next step.',
      duties:
        '- Marketing: hand over each lead within four working hours, with its history.\n- Sales: record the outcome of each call on the same day, and say why a lead is refused.',
      workload: 'Sales takes up to 180 leads a month; what is beyond that is carried over.',
      exceptions: 'In a month with fewer than 15 working days the goals are those of two thirds of a month.',
      termination: 'The goals are set anew each year; those of the last year hold until then.',
    },
    review: { every: 'month' },
  },
);
