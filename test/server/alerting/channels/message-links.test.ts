import { describe, expect, it } from 'vitest';
import { MessageLinksService } from '../../../../server/alerting/channels/message-links.service.ts';
import { readEnvironment } from '../../../../server/platform/config.ts';
import { Keyring } from '../../../../server/platform/secrets.ts';

const environment = readEnvironment({ PUBLIC_URL: 'https://troth.example.org/' });
const links = new MessageLinksService(new Keyring('secret-key-of-the-tests-0123456789'), environment);
const others = new MessageLinksService(new Keyring('another-key-of-the-tests-0123456789'), environment);
const now = new Date('2026-11-26T08:16:00Z');
const made = links.linksFor({ alertId: 7, bearer: 'channel:noc', now }, ['acknowledge', 'silence']);
const token = made.acknowledge!.split('#')[1]!;

describe('links to act from a message', () => {
  it('lead to a page, with what they grant behind the #', () => {
    expect(made.acknowledge).toMatch(/^https:\/\/troth\.example\.org\/act#[\w-]+\.[\w-]{43}$/);
    expect(Object.keys(made)).toEqual(['acknowledge', 'silence']);
  });

  it('grant one act on one alert to whom they were sent, for two days', () => {
    const expiresAt = new Date('2026-11-28T08:16:00Z');
    expect(links.verify(token, now)).toEqual({ alertId: 7, act: 'acknowledge', bearer: 'channel:noc', expiresAt });
    expect(links.verify(token, new Date(expiresAt.getTime() - 1))).not.toBeNull();
    expect(links.verify(token, expiresAt)).toBeNull();
  });

  it.each([
    ['empty', ''],
    ['cut', token.slice(0, -1)],
    ['longer', `${token}.x`],
    [
      'another act',
      `${Buffer.from('[7,"silence","channel:noc",1795853760]').toString('base64url')}.${token.split('.')[1]}`,
    ],
    [
      'of another installation',
      others.sign({ alertId: 7, act: 'acknowledge', bearer: 'x', expiresAt: new Date(8e14) }),
    ],
  ])('that are %s grant nothing', (_what, text) => {
    expect(links.verify(text, now)).toBeNull();
  });
});
