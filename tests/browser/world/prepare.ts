// Makes the database that every test file copies: the sample agency, with somebody of each role signed in.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { copyKeys, databaseUrl, program, sql } from '../../contract/world/program.ts';
import { kept, sessionCookie, template, type Kept } from './kept.ts';
import { people, roles } from './people.ts';

interface Ready {
  url: string;
  demo_people: { email: string; password: string }[];
}

sql('postgres', `CREATE DATABASE ${template} TEMPLATE template0`);
const folder = mkdtempSync(join(tmpdir(), 'tenantry-browser-'));
const { ready, stop } = await up();
const all: Record<string, Kept> = {};
for (const role of roles) {
  const password = ready.demo_people.find((person) => person.email === people[role].email)?.password ?? '';
  all[role] = { password, session: await signIn(people[role].email, password) };
}
mkdirSync(kept, { recursive: true });
copyKeys(folder, kept);
writeFileSync(`${kept}/people.json`, JSON.stringify(all));
await stop();
rmSync(folder, { recursive: true, force: true });

/** Starts `tenantry up --demo` and waits for what it says when it is ready. */
async function up(): Promise<{ ready: Ready; stop: () => Promise<void> }> {
  const env = { ...process.env, DATABASE_ADMIN_URL: databaseUrl(template), TENANTRY_DATA_DIR: folder };
  const url = databaseUrl(template, 'tenantry_server');
  const child = spawn(program, ['--database-url', url, '--format', 'json', 'up', '--demo', '--listen', '127.0.0.1:0'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [said, noted] = ['', ''];
  child.stderr.on('data', (part) => (noted += part));
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const ready = await new Promise<Ready>((done, fail) => {
    child.once('exit', (code) => fail(new Error(`tenantry up ended with ${code}\n${noted}`)));
    child.stdout.on('data', (part) => {
      said += part;
      try {
        done(JSON.parse(said) as Ready);
      } catch {
        // There is more to come.
      }
    });
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { ready, stop };
}

/** The session's cookie that the form of the sign-in page gives. */
async function signIn(email: string, password: string): Promise<string> {
  const answer = await fetch(`${ready.url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: ready.url },
    body: new URLSearchParams({ email, password }),
  });
  const cookies = answer.headers.getSetCookie();
  const session = cookies.map((line) => line.match(`^${sessionCookie}=([^;]+)`)?.[1]).find((value) => value);
  if (!session) throw new Error(`${email} isn't signed in: ${answer.status} ${await answer.text()}`);
  return session;
}
