import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { Role } from './people.ts';

/** The database that `prepare.ts` makes and every test file copies. */
export const template = 'tenantry_browser';

/** What `prepare.ts` keeps beside it: keys, and how everybody signs in and is signed in. */
export const kept = fileURLToPath(new URL('../../../../kept', import.meta.url));

/** How somebody signs in, and the cookie of a session that they have. */
export interface Kept {
  password: string;
  session: string;
}

/** The name of the session's cookie. */
export const sessionCookie = '__Host-session';

/** Of everybody. */
export function everybody(): Record<Role, Kept> {
  return JSON.parse(readFileSync(`${kept}/people.json`, 'utf8')) as Record<Role, Kept>;
}
