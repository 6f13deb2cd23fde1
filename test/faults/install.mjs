// Installs the Debian packages that the fault tests need, where they are missing.
import { spawnSync } from 'node:child_process';

const needed = { 'redis-server': 'redis-server', faketime: 'faketime' };
const missing = Object.entries(needed).filter(
  ([program]) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0,
);
if (missing.length > 0) {
  const packages = missing.map(([, name]) => name);
  console.log(`Installing ${packages.join(', ')} ...`);
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  spawnSync('apt-get', ['update', '-qq'], quiet);
  const { status } = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], quiet);
  if (status !== 0) {
    console.error(`The fault tests need ${packages.join(', ')}: install them and try again.`);
    process.exit(1);
  }
}
