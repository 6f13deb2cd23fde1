/**
 * What `npm start` and `npm run build` run: works in an empty clone with Node alone. Installs the packages where they
 * are missing, builds what changed, and then, for `npm start`, becomes `troth start`.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const leastNode = [20, 19];

/** What is built, from which sources, and how, one step after the other. */
const parts = [
  {
    name: 'server',
    sources: ['server', 'probes', 'tsconfig.json', 'package-lock.json'],
    output: ['compiled', 'server'],
    programs: ['server/cli.js'],
    steps: [
      ['node_modules/typescript/bin/tsc', '-p', 'server/tsconfig.build.json'],
      ['node_modules/vite/bin/vite.js', 'build', '--config', 'server/vite.config.ts'],
    ],
  },
  {
    name: 'client',
    sources: [
      'client',
      'server/contract',
      'server/domain',
      'probes/contract.ts',
      'probes/support',
      'package-lock.json',
    ],
    output: ['client'],
    steps: [['node_modules/vite/bin/vite.js', 'build', 'client', '--logLevel', 'warn']],
  },
];

/** An error whose message says all. */
class Stop extends Error {}

function assertNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1])) return;
  throw new Stop(`Troth needs Node.js ${leastNode.join('.')} or newer; this is ${process.version}.`);
}

/** Whether npm installed every package that the lock file asks for; those for other systems are not expected. */
function isInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const there = new Set(packagesOf(installed).map(nameAndVersion));
  const wanted = packagesOf(join(root, 'package-lock.json')).filter(([, one]) => !one.optional && !one.devOptional);
  return wanted.map(nameAndVersion).every((one) => there.has(one));
}

/** Entries of a lock file by path; the first, without a path, is the project itself. */
const packagesOf = (lockFile) =>
  Object.entries(JSON.parse(readFileSync(lockFile, 'utf8')).packages).filter(([path]) => path !== '');

const nameAndVersion = ([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`;

async function install() {
  console.log('Installing packages ...');
  const options = ['--no-audit', '--no-fund', '--loglevel=error'];
  const isWindows = process.platform === 'win32';
  // Not `ci`: that refuses a lock file without the optional packages of other systems, which not every registry holds.
  await run(isWindows ? 'npm.cmd' : 'npm', ['install', '--no-save', ...options], { shell: isWindows });
}

const staleParts = () => parts.filter((part) => readStamp(part) !== sourceHash(part));

async function installAndBuild() {
  if (!isInstalled()) await install();
  const stale = staleParts();
  if (stale.length === 0) return;
  console.log(`Building ${stale.map(({ name }) => name).join(' and ')} ...`);
  await Promise.all(stale.map(buildPart));
}

async function buildPart(part) {
  const hash = sourceHash(part);
  rmSync(stampFile(part), { force: true });
  for (const folder of part.output) rmSync(join(dist, folder), { recursive: true, force: true });
  for (const step of part.steps) await run(process.execPath, step);
  // `npx troth` makes what it runs executable once: what is built again has to be so from the start.
  for (const program of part.programs ?? []) chmodSync(join(dist, program), 0o755);
  writeFileSync(stampFile(part), hash);
}

const stampFile = ({ name }) => join(dist, `.${name}-sources`);
const readStamp = (part) => (existsSync(stampFile(part)) ? readFileSync(stampFile(part), 'utf8') : null);

function sourceHash({ sources }) {
  const hash = createHash('sha256');
  for (const path of sources) addTo(hash, path);
  return hash.digest('hex');
}

function addTo(hash, path) {
  const full = join(root, path);
  if (!existsSync(full)) return;
  if (statSync(full).isDirectory()) for (const name of readdirSync(full).toSorted()) addTo(hash, `${path}/${name}`);
  else hash.update(`${path}\0`).update(readFileSync(full));
}

/** Two at once would write over each other: the second waits for the first. */
async function alone(work) {
  const lock = join(dist, '.building');
  mkdirSync(dist, { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (isGone(lock)) rmSync(lock, { force: true });
      else await sleep(100);
    }
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function isGone(lock) {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', ...options });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Stop(`${[program, ...args].join(' ')} failed.`))));
  });
}

/** A shell between npm and us passes no signal on: when our parent is gone, somebody has ended npm and means us too. */
function stopWithParent() {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 1_000).unref();
}

try {
  assertNode();
  if (!isInstalled() || staleParts().length > 0) await alone(installAndBuild);
  if (process.argv[2] !== 'build') {
    const program = join(dist, 'server', 'cli.js');
    process.argv.splice(1, 1, program, 'start');
    if (process.env.npm_lifecycle_event) stopWithParent();
    await import(pathToFileURL(program).href);
  }
} catch (error) {
  console.error(error instanceof Stop ? error.message : error);
  process.exitCode = 1;
}
