// Makes the database that every test file copies: migrated, with people, keys, fixtures, and everybody signed in.

import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { createClient } from '@supabase/supabase-js';

import { members, password, people } from './people.ts';
import { copyKeys, Server, sql, sqlFile, tenantry } from './program.ts';
import { kept, keysTable, options, template } from './world.ts';

sql('postgres', `CREATE DATABASE ${template} TEMPLATE template0`);
tenantry(template, ['migrate', 'up']);
for (const [role, email] of Object.entries(people)) {
  tenantry(template, ['user', 'create', '--email', email, '--role', role, '--password-stdin'], password);
}
sqlFile(template, fileURLToPath(new URL('../../../../world/fixtures.sql', import.meta.url)));
for (const { client, user, role } of members) {
  tenantry(template, ['member', 'add', '--client', client, '--user', user, '--role', role]);
}
sql(template, `CREATE TABLE ${keysTable} (kind text PRIMARY KEY, token text NOT NULL)`);
for (const [kind, ...scopes] of [['publishable'], ['service', '--scope', 'read', '--scope', 'write']] as const) {
  const made = tenantry(template, ['token', 'create', kind, '--name', `contract ${kind}`, ...scopes]) as { token: string };
  sql(template, `INSERT INTO ${keysTable} VALUES ('${kind}', '${made.token}')`);
}

const server = await Server.start(template);
const sessions: Record<string, unknown> = {};
for (const [role, email] of Object.entries(people)) {
  const key = sql(template, `SELECT token FROM ${keysTable} WHERE kind = 'publishable'`);
  const { data, error } = await createClient(server.url, key, options).auth.signInWithPassword({ email, password });
  if (error) throw error;
  sessions[role] = data.session;
}
mkdirSync(kept, { recursive: true });
copyKeys(server.folder, kept);
writeFileSync(`${kept}/sessions.json`, JSON.stringify(sessions));
await server.stop();
