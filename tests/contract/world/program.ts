import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The throwaway PostgreSQL that `tests/with-postgres` started, as its superuser. */
const postgres = new URL(needed('TENANTRY_TEST_URL'));

/** PostgreSQL's own client, of the server's release. */
const client = process.env.TENANTRY_TEST_PG_BINDIR ? join(process.env.TENANTRY_TEST_PG_BINDIR, 'psql') : 'psql';

/** The program under test. */
export const program = needed('TENANTRY');

/** The day before which the fixtures' figures and events lie, fixed for a whole run. */
export const today = needed('CONTRACT_TODAY');

/** Where commands keep what they keep: backups, seals. */
const folder = mkdtempSync(join(tmpdir(), 'tenantry-contract-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** The URL of a database for a role of PostgreSQL's. */
export function databaseUrl(database: string, role = postgres.username): string {
  const url = new URL(postgres);
  url.username = role;
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs a command of `tenantry` on a database and gives its answer. */
export function tenantry(database: string, args: string[], input = ''): unknown {
  const all = ['--database-url', databaseUrl(database), '--data-dir', folder, '--format', 'json', ...args];
  return JSON.parse(run(program, all, input) || 'null');
}

/** Runs SQL as superuser, past every policy: for what a test has to find, not for what it shows. */
export function sql(database: string, text: string): string {
  return psql(database, ['--command', text]);
}

/** Runs a file of SQL as superuser. */
export function sqlFile(database: string, path: string): void {
  psql(database, ['--variable', `today=${today}`, '--file', path]);
}

function psql(database: string, args: string[]): string {
  const always = ['--no-psqlrc', '--quiet', '--tuples-only', '--no-align', '--set', 'ON_ERROR_STOP=1'];
  return run(client, [databaseUrl(database), ...always, ...args]).trim();
}

function run(command: string, args: string[], input = ''): string {
  const done = spawnSync(command, args, { input, encoding: 'utf8' });
  if (done.error) throw done.error;
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')}\n${done.stderr}${done.stdout}`);
  return done.stdout;
}

/** Copies what signs tokens and what opens secrets from one folder of data to another. */
export function copyKeys(from: string, to: string): void {
  for (const keys of ['keys', 'encryption-keys']) cpSync(join(from, keys), join(to, keys), { recursive: true });
}

/** A `tenantry serve` on a database. */
export class Server {
  private constructor(
    readonly url: string,
    private readonly process: ChildProcess,
    readonly folder: string,
  ) {}

  /** Starts it, with the keys that another one of the same database had, and comes back when it is ready. */
  static async start(database: string, settings: Record<string, string> = {}, keptKeys?: string): Promise<Server> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const folder = mkdtempSync(join(tmpdir(), 'tenantry-contract-'));
    if (keptKeys) copyKeys(keptKeys, folder);
    // As the role that a server of its own connects as, which has no rights by itself.
    const child = spawn(program, ['--database-url', databaseUrl(database, 'tenantry_server'), 'serve', '--listen', `127.0.0.1:${port}`], {
      env: { ...process.env, DATABASE_ADMIN_URL: databaseUrl(database), TENANTRY_DATA_DIR: folder, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stdout.on('data', (part) => (said += part));
    child.stderr.on('data', (part) => (said += part));
    const ended = new Promise<never>((_, fail) => {
      child.once('exit', (code) => fail(new Error(`tenantry serve ended with ${code}\n${said}`)));
    });
    ended.catch(() => undefined);
    await Promise.race([ready(url), ended]);
    return new Server(url, child, folder);
  }

  /** Ends it as an operator would, and removes its folder. */
  async stop(): Promise<void> {
    const ended = new Promise((done) => this.process.once('exit', done));
    this.process.kill('SIGTERM');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function ready(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((again) => setTimeout(again, 20));
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
}

function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} isn't set: run tests/contract/run`);
  return value;
}

/** The day so many days before `today`. */
export function daysAgo(days: number): string {
  const date = new Date(`${today}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - days);
  return date.toISOString().slice(0, 10);
}
