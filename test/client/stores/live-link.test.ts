import { describe, expect, it } from 'vitest';
import { linkState, type LinkSigns, type Moment } from '../../../client/stores/live-link.ts';

const moment = (ms: number): Moment => ({ wallMs: 1_000_000 + ms, steadyMs: ms });
const signs = (parts: Partial<LinkSigns> = {}): LinkSigns => ({
  startedAt: moment(0),
  heardAt: moment(1_000),
  disconnectedAt: null,
  ...parts,
});

describe('the link', () => {
  it('connects until the server is first heard, and is cut when it never is', () => {
    expect(linkState(signs({ heardAt: null }), moment(5_000))).toBe('connecting');
    expect(linkState(signs({ heardAt: null }), moment(12_001))).toBe('cut');
  });

  it('lives while pulses come, and is cut after twelve seconds of silence', () => {
    expect(linkState(signs(), moment(12_900))).toBe('live');
    expect(linkState(signs(), moment(13_001))).toBe('cut');
  });

  it('shows a broken connection after two seconds', () => {
    expect(linkState(signs({ disconnectedAt: moment(2_000) }), moment(3_900))).toBe('live');
    expect(linkState(signs({ disconnectedAt: moment(2_000) }), moment(4_001))).toBe('cut');
  });

  it('is cut after a sleep in which the steady clock stood still', () => {
    expect(linkState(signs(), { wallMs: 1_000_000 + 3_600_000, steadyMs: 1_500 })).toBe('cut');
  });

  it('is cut after silence although the wall clock was set back', () => {
    expect(linkState(signs(), { wallMs: 1_000_000 - 3_600_000, steadyMs: 20_000 })).toBe('cut');
  });
});
