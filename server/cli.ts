#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { CommandError, UsageError } from './cli/command-error.ts';
import { ConfigError, readEnvironment } from './platform/config.ts';
import { version } from './platform/package-root.ts';

const exitCodes = { problem: 1, usage: 2 } as const;
/** A command that is done and still alive after this holds on to something that it should have closed. */
const lingerMs = 3_000;

// Each command loads what it needs when it is called: a start waits for no probe kind, a check for no server.
const program = new Command('troth')
  .description('Keeps the service levels that teams promise each other visible.')
  .version(version)
  .exitOverride()
  .configureHelp({ showGlobalOptions: true });

program
  .command('start')
  .description('run everything on this machine: database, server, agent and a sample target')
  .option('--demo', 'load a demo organisation with 13 months of history, unless it is there')
  .action(async (options: object) => (await import('./start.ts')).start(options));

program
  .command('server')
  .description('run a server (needs DATABASE_URL)')
  .action(async () => (await import('./cli/server.command.ts')).runServer(readEnvironment()));

program
  .command('agent')
  .description(
    'run the probes of one location (needs TROTH_LOCATION, TROTH_LOCATION_KEY and REDIS_URL or DATABASE_URL)',
  )
  .action(async () => (await import('./cli/agent.command.ts')).runAgent(readEnvironment()));

program
  .command('migrate')
  .description('bring the database up to date')
  .action(async () => (await import('./cli/migrate.command.ts')).migrate(readEnvironment()));

const checkCommand = program
  .command('check')
  .description('run a probe once and print what it saw; exit code 1 when the target is not up')
  .argument('<kind>', 'http, tcp, tls, dns or icmp')
  .argument('<target...>', 'what to look at, in the forms below')
  .option('--json', 'print the outcome as JSON')
  .option('--timeout <duration>', 'such as 5s')
  .option('--location <key>', 'run it at this location, through a running server')
  .option('--url <address>', 'address of that server')
  .action(async (kind: string, target: string[], options: object) => {
    const { check } = await import('./cli/check.command.ts');
    fail(!(await check(readEnvironment(), kind, target.join(' '), options)));
  });

const serverUrl = '--url <address>';
const serverUrlHelp = 'address of the server (default: TROTH_URL or http://127.0.0.1:8484); TROTH_ADMIN_TOKEN opens it';
const fileHelp = 'a config file, or - for the standard input';
const commandsOfFile = {
  plan: 'print what a config file would change',
  apply: 'make everything as a config file says, or nothing at all',
} as const;
for (const act of ['plan', 'apply'] as const) {
  program
    .command(act)
    .description(commandsOfFile[act])
    .argument('<file>', fileHelp)
    .option('--no-prune', 'keep what the file made once and names no more')
    .option(serverUrl, serverUrlHelp)
    .action(async (file: string, options: object) => {
      await (await import('./cli/config-file.command.ts')).sendConfigFile(act, file, options);
    });
}
program
  .command('export')
  .description('print the whole configuration as a config file')
  .option(serverUrl, serverUrlHelp)
  .action(async (options: object) => (await import('./cli/config-file.command.ts')).exportConfigFile(options));

program
  .command('import')
  .description('take history from another system over: all of a file, or nothing of it')
  .argument('<kind>', 'timeline, observations or metrics')
  .argument('<file>', 'of any size, as CSV, JSON or NDJSON')
  .option('--service <key>', 'the service of rows that name none')
  .option('--probe <key>', 'the probe of rows that name none, such as payroll.login')
  .option('--location <key>', 'where that probe ran')
  .option('--metric <key>', 'the metric of rows that name none')
  .option('--time-zone <zone>', 'of times that say none, such as Europe/Berlin')
  .option('--format <format>', 'csv, json or ndjson (default: by the name of the file)')
  .option('--check', 'say what would be taken over, and take nothing over')
  .option('--replace', 'let what is there give way')
  .option('--continue <number>', 'go on with an import that was begun with this file')
  .option(serverUrl, serverUrlHelp)
  .action(async (kind: string, file: string, options: object) => {
    await (await import('./cli/import.command.ts')).importHistory(kind, file, options);
  });

program
  .command('report')
  .description('print the frozen report of a period of an agreement')
  .argument('<agreement>')
  .argument('[period]', 'such as 2026-10, 2026-W41, 2026-Q4 or 2026 (default: the newest)')
  .option('--format <format>', 'md, json, csv, intervals, pdf or xlsx', 'md')
  .option('--revision <number>', 'an earlier revision (default: the newest)')
  .option('--output <file>', 'write it there instead of printing it')
  .option(serverUrl, serverUrlHelp)
  .action(async (agreement: string, period: string | undefined, options: object) => {
    await (await import('./cli/report.command.ts')).printReport(agreement, period, options);
  });

program
  .command('verify')
  .description('recompute the chain of the frozen reports of an agreement; exit code 1 when it does not hold')
  .argument('<agreement>')
  .option(serverUrl, serverUrlHelp)
  .action(async (agreement: string, options: object) => {
    fail(!(await (await import('./cli/report.command.ts')).verifyReports(agreement, options)));
  });

program
  .command('location-key')
  .description('print the key that the agents of a location need')
  .argument('<location>')
  .action(async (location: string) => {
    const { locationKey } = await import('./cli/location-key.command.ts');
    console.log(locationKey(readEnvironment(), location));
    // On the error output, for the key alone is what a script takes.
    console.error(`Note: nothing runs at "${location}" before the catalog has a location of this key.`);
  });

const sample = program
  .command('sample')
  .description('switch parts of the sample target off and on: http, tcp, tls, dns, heartbeat');
for (const act of ['status', 'stop', 'start'] as const) {
  const command = sample.command(act).action(async (...given: unknown[]) => {
    const { switchSample } = await import('./cli/sample.command.ts');
    await switchSample(readEnvironment(), act, act === 'status' ? undefined : (given[0] as string));
  });
  if (act !== 'status') command.argument('<part>');
}
sample
  .command('run', { hidden: true })
  .action(async () => (await import('./cli/sample.command.ts')).runSample(readEnvironment()));

const demo = program.command('demo').description('a demo organisation with 13 months of history: load, remove, status');
for (const [act, description] of Object.entries({
  status: 'tell whether it is there',
  load: 'load it into a running server, unless it is there',
  remove: 'remove it with everything that belongs to it',
})) {
  demo
    .command(act)
    .description(description)
    .option(serverUrl, serverUrlHelp)
    .action(async (options: object) => {
      const { runDemoCommand } = await import('./cli/demo.command.ts');
      await runDemoCommand(readEnvironment(), act as 'status' | 'load' | 'remove', options);
    });
}

program
  .command('doctor')
  .description('look at what Troth needs on this machine')
  .action(async () => fail(!(await (await import('./cli/doctor.command.ts')).doctor(readEnvironment()))));

program
  .command('healthy', { hidden: true })
  .argument('<what>')
  .action(async (what: string) => {
    const { healthy } = await import('./cli/healthy.command.ts');
    fail(!(await healthy(readEnvironment(), what)));
  });

function fail(isProblem: boolean): void {
  if (isProblem) process.exitCode = exitCodes.problem;
}

try {
  if (process.argv.includes('check')) {
    checkCommand.addHelpText('after', (await import('./cli/check.command.ts')).checkForms());
  }
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
if (process.connected) process.disconnect();
setTimeout(() => process.exit(), lingerMs).unref();

/** Prints what a person can act on; the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
  if (error instanceof UsageError) return say(error.message, exitCodes.usage);
  if (error instanceof CommandError || error instanceof ConfigError) return say(error.message, exitCodes.problem);
  return say(error instanceof Error ? (error.stack ?? error.message) : String(error), exitCodes.problem);
}

function say(message: string, exitCode: number): number {
  console.error(message);
  return exitCode;
}
