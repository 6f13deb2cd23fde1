import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';

export interface Visits {
  /** A fresh visitor: a context of their own, without cookies. */
  visitor(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** A page of a fresh visitor. */
  page(options?: BrowserContextOptions): Promise<Page>;
}

/** What no page may ever do: break the security policy, or throw. */
const isFault = (text: string): boolean => /content security policy|refused to|\[vue warn\]/i.test(text);

/** One Chromium for a test file; what its pages did wrong fails the test that opened them. */
export function useBrowser(): Visits {
  let browser: Browser;
  const contexts: BrowserContext[] = [];
  const faults: string[] = [];

  beforeAll(async () => {
    const { executablePath, libraries, fonts } = inject('chromium');
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
      env: { ...process.env, LD_LIBRARY_PATH: libraries, FONTCONFIG_PATH: fonts },
    });
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    expect(faults.splice(0)).toEqual([]);
  });
  afterAll(() => browser?.close());

  async function visitor(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await browser.newContext({
      viewport: { width: 1_280, height: 720 },
      colorScheme: 'dark',
      timezoneId: 'Europe/Berlin',
      locale: 'en-GB',
      ...options,
    });
    context.setDefaultTimeout(10_000);
    contexts.push(context);
    context.on('page', (page) => {
      page.on('pageerror', (error) => faults.push(error.stack ?? error.message));
      page.on('console', (message) => (isFault(message.text()) ? faults.push(message.text()) : undefined));
    });
    return context;
  }
  return { visitor, page: async (options) => (await visitor(options)).newPage() };
}
