import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { createClient, type SupabaseClient } from '@supabase/supabase-js';

import type { Database } from '../../../types/database.ts';
import type { Person, Role } from './people.ts';
import { Server, sql } from './program.ts';

/** The database that `prepare.ts` makes and every test file copies. */
export const template = 'tenantry_contract';

/** Where that database keeps the keys, which are shown once; no request reaches the schema. */
export const keysTable = 'tenantry_partitions.contract_keys';

/** What `prepare.ts` keeps beside it, so that passwords needn't be hashed anew for every file: signing keys and a session each. */
export const kept = fileURLToPath(new URL('../kept', import.meta.url));

export type Sessions = Record<Person, { access_token: string; refresh_token: string }>;

export type Client = SupabaseClient<Database>;

/** What a component passes to `createClient`; on Node 20 it wants a transport for a socket that nobody opens. */
export const options = {
  auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  realtime: { transport: class {} as never },
} as const;

/** A server on a database of the test's own, with the same people and rows each time. */
export class World {
  private readonly signedIn = new Map<Role, Promise<Client>>();

  private constructor(
    readonly database: string,
    readonly server: Server,
    readonly keys: { publishable: string; service: string },
  ) {}

  static async open(settings: Record<string, string> = {}): Promise<World> {
    const database = `contract_${randomUUID().replaceAll('-', '')}`;
    sql('postgres', `CREATE DATABASE ${database} TEMPLATE ${template}`);
    const key = (kind: string) => sql(database, `SELECT token FROM ${keysTable} WHERE kind = '${kind}'`);
    const keys = { publishable: key('publishable'), service: key('service') };
    return new World(database, await Server.start(database, settings, kept), keys);
  }

  async close(): Promise<void> {
    await this.server.stop();
    sql('postgres', `DROP DATABASE ${this.database} WITH (FORCE)`);
  }

  get url(): string {
    return this.server.url;
  }

  /** A client that nobody has signed in with. */
  anonymous(): Client {
    return createClient<Database>(this.url, this.keys.publishable, options);
  }

  /** A client of whoever has the role; the same one each time. */
  as(role: Role): Promise<Client> {
    const known = this.signedIn.get(role) ?? this.signIn(role);
    this.signedIn.set(role, known);
    return known;
  }

  private async signIn(role: Role): Promise<Client> {
    if (role === 'anon') return this.anonymous();
    if (role === 'service') return createClient<Database>(this.url, this.keys.service, options);
    const client = this.anonymous();
    const sessions = JSON.parse(readFileSync(`${kept}/sessions.json`, 'utf8')) as Sessions;
    const { error } = await client.auth.setSession(sessions[role]);
    if (error) throw error;
    return client;
  }

  /** A request of whoever has the role, past supabase-js: for headers and paths that it doesn't send. */
  async fetch(role: Role, path: string, init: RequestInit & { headers?: Record<string, string> } = {}): Promise<Response> {
    const client = await this.as(role);
    const { data } = await client.auth.getSession();
    const key = role === 'service' ? this.keys.service : this.keys.publishable;
    const bearer = data.session?.access_token ?? key;
    return fetch(`${this.url}${path}`, { ...init, headers: { apikey: key, authorization: `Bearer ${bearer}`, ...init.headers } });
  }

  /** Runs SQL past every policy. */
  sql(text: string): string {
    return sql(this.database, text);
  }
}
