import { randomUUID } from 'node:crypto';
import { after, before } from 'node:test';

import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

import { Server, sql } from '../../contract/world/program.ts';
import { everybody, kept, sessionCookie, template } from './kept.ts';
import type { Role } from './people.ts';
import { Sight } from './sight.ts';

/**
 * No sandbox, since tests may run as root. No process for graphics, whose end now and then is a picture that can't be
 * taken. And nothing asked of other hosts.
 */
export const flags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];

/** How somebody looks at pages. */
export interface Look {
  width?: number;
  height?: number;
  theme?: 'light' | 'dark';
  scripts?: boolean;
  zone?: string;
}

/** A server on a copy of the sample agency, and a browser. */
export class World {
  private readonly contexts: BrowserContext[] = [];

  private constructor(
    readonly database: string,
    readonly server: Server,
    private readonly browser: Browser,
  ) {}

  static async open(): Promise<World> {
    const database = `browser_${randomUUID().replaceAll('-', '')}`;
    sql('postgres', `CREATE DATABASE ${database} TEMPLATE ${template}`);
    const server = await Server.start(database, {}, kept);
    try {
      const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? 'chromium', args: flags });
      return new World(database, server, browser);
    } catch (error) {
      // Or the run would wait for a server that nobody stops.
      await server.stop();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    sql('postgres', `DROP DATABASE ${this.database} WITH (FORCE)`);
  }

  /** A window of somebody who is signed in, or of nobody; what goes wrong in it is noted. */
  async window(role: Role | undefined, look: Look = {}): Promise<Sight> {
    const { width = 1280, height = 800, theme = 'light', scripts = true, zone = 'Europe/Berlin' } = look;
    const context = await this.browser.newContext({
      baseURL: this.server.url,
      viewport: { width, height },
      colorScheme: theme,
      javaScriptEnabled: scripts,
      timezoneId: zone,
      reducedMotion: 'reduce',
    });
    this.contexts.push(context);
    await context.addCookies([{ name: 'tz', value: encodeURIComponent(zone), url: this.server.url }]);
    if (role) {
      // As if it had come over TLS, which a cookie of this name has to; the own machine is told it without.
      const url = this.server.url.replace('http:', 'https:');
      await context.addCookies([{ name: sessionCookie, value: everybody()[role].session, url, secure: true, httpOnly: true }]);
    }
    return new Sight(await context.newPage());
  }

  /** Closes every window that is open. */
  async closeWindows(): Promise<void> {
    await Promise.all(this.contexts.splice(0).map((context) => context.close()));
  }

  /** A request past the browser, of somebody who is signed in. */
  fetch(role: Role | undefined, path: string, init: RequestInit & { headers?: Record<string, string> } = {}): Promise<Response> {
    const cookie: Record<string, string> = role ? { cookie: `${sessionCookie}=${everybody()[role].session}` } : {};
    const headers = { accept: 'text/html', origin: this.server.url, ...cookie, ...init.headers };
    return fetch(`${this.server.url}${path}`, { redirect: 'manual', ...init, headers });
  }

  /** Runs SQL past every policy. */
  sql(text: string): string {
    return sql(this.database, text);
  }
}

/** A world for a whole file. */
export function aWorld(): () => World {
  let world: World;
  before(async () => {
    world = await World.open();
  });
  after(() => world.close());
  return () => world;
}

export type { Page };
