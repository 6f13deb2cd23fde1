export interface Chromium {
  executablePath: string;
  libraries: string;
  fonts: string;
}

/**
 * Unpacks Chromium from its npm package with the libraries and fonts that a bare machine lacks. The package brings them
 * along only where it takes the machine for a cloud function.
 */
export async function unpackChromium(): Promise<Chromium> {
  const before = { ...process.env };
  process.env['AWS_LAMBDA_JS_RUNTIME'] = 'nodejs22.x';
  const { default: chromium } = await import('@sparticuz/chromium');
  const executablePath = await chromium.executablePath();
  const { LD_LIBRARY_PATH: libraries = '', FONTCONFIG_PATH: fonts = '' } = process.env;
  for (const name of ['AWS_LAMBDA_JS_RUNTIME', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH', 'FONTCONFIG_FILE']) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  return { executablePath, libraries, fonts };
}
