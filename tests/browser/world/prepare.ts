// Makes the database that every test file copies: the sample agency, with somebody of each role signed in.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { copyKeys, sql } from '../../contract/world/program.ts';
import { kept, sessionCookie, template, type Kept } from './kept.ts';
import { people, roles } from './people.ts';
import { up } from './up.ts';

sql('postgres', `CREATE DATABASE ${template} TEMPLATE template0`);
const folder = mkdtempSync(join(tmpdir(), 'tenantry-browser-'));
const { ready, stop } = await up(template, folder, '--demo');
const all: Record<string, Kept> = {};
for (const role of roles) {
  const password = ready.demo_people?.find((person) => person.email === people[role].email)?.password ?? '';
  all[role] = { password, session: await signIn(people[role].email, password) };
}
mkdirSync(kept, { recursive: true });
copyKeys(folder, kept);
writeFileSync(`${kept}/people.json`, JSON.stringify(all));
await stop();
rmSync(folder, { recursive: true, force: true });

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
