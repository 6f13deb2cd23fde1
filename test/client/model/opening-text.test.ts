import { describe, expect, it } from 'vitest';
import { dayPieces, daysText, openingsIn, openingsText, weekText } from '../../../client/model/opening-text.ts';

describe('hours of a day', () => {
  it.each([
    ['08:00-18:00', ['08:00-18:00']],
    ['8-12, 13:00 to 17', ['08:00-12:00', '13:00-17:00']],
    ['8.30–16', ['08:30-16:00']],
    ['830 - 1600; 17h-24h', ['08:30-16:00', '17:00-24:00']],
    ['all day', ['00:00-24:00']],
    ['24/7', ['00:00-24:00']],
    ['closed', []],
    ['  ', []],
  ])('are understood as people type them: %j', (line, openings) => {
    expect(openingsIn(line)).toEqual(openings);
  });

  it('stay as they were typed where they mean nothing, so that the fault can be told', () => {
    expect(openingsIn('morning, 13-17')).toEqual(['morning', '13:00-17:00']);
    expect(openingsIn('8-12-16')).toEqual(['8-12-16']);
  });

  it('are told, and read back as the same', () => {
    const openings = ['00:00-06:30', '13:00-24:00'];
    expect(openingsText(openings)).toBe('00:00–06:30, 13:00–24:00');
    expect(openingsIn(openingsText(openings))).toEqual(openings);
    expect(openingsIn(openingsText(['00:00-24:00']))).toEqual(['00:00-24:00']);
    expect(openingsIn(openingsText([]))).toEqual([]);
  });

  it('have a place in the day, but for what is none', () => {
    expect(dayPieces(['06:00-12:00', 'noon', '18:00-24:00'])).toEqual([
      { start: 0.25, end: 0.5 },
      { start: 0.75, end: 1 },
    ]);
  });
});

describe('the words of a week', () => {
  const office = ['08:00-18:00'];

  it('put days of the same hours together', () => {
    const week = { mon: office, tue: office, wed: office, thu: office, fri: ['08:00-12:00', '13:00-16:00'] };
    expect(weekText(week)).toBe('Mon–Thu 08:00–18:00; Fri 08:00–12:00, 13:00–16:00');
    expect(weekText({ mon: office, wed: office, sat: ['09:00-12:00'] })).toBe('Mon, Wed 08:00–18:00; Sat 09:00–12:00');
  });

  it('say in short what holds on all days or on none', () => {
    const all = (hours: string[]) => ({
      mon: hours,
      tue: hours,
      wed: hours,
      thu: hours,
      fri: hours,
      sat: hours,
      sun: hours,
    });
    expect(weekText(all(['00:00-24:00']))).toBe('around the clock');
    expect(weekText(all(office))).toBe('daily 08:00–18:00');
    expect(weekText({ mon: [] })).toBe('no weekly hours');
  });

  it('write a run of three days by its ends', () => {
    expect(daysText(['sun', 'mon', 'wed', 'thu', 'fri'])).toBe('Mon, Wed–Fri, Sun');
    expect(daysText(['sat', 'sun'])).toBe('Sat, Sun');
  });
});
