import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { given, refused, type Answer } from './answers.ts';
import { roles, type Role } from './people.ts';
import { World, type Client } from './world.ts';

/** What comes out where nothing does. */
class Refusal {
  constructor(
    readonly status: number,
    readonly code: string | undefined,
  ) {}
}

/** A refusal; the answer to HEAD has no body that could name a code. */
export const refusal = (status: number, code?: string) => new Refusal(status, code);

/** What a role gets that may not touch the table or column at all. */
export const forbidden = refusal(403, '42501');

/** What nobody in particular gets. */
const unknown = refusal(401, '42501');

interface ByRole {
  anon?: unknown;
  client: unknown;
  staff: unknown;
  manager: unknown;
  /** admin, super_admin and service alike, unless they are named. */
  others?: unknown;
  admin?: unknown;
  super_admin?: unknown;
  service?: unknown;
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

/**
 * Makes a component's call as each role and compares what comes out with what was written by hand: rows, the number that
 * was counted, or a refusal. `first`, SQL past every policy, puts the rows back that an earlier role has changed.
 */
export function asEach(
  name: string,
  world: () => World,
  call: (client: Client, role: Role) => PromiseLike<Answer>,
  expected: ByRole,
  first?: string,
): void {
  for (const role of roles) {
    it(`${name}, as ${role}`, async () => {
      if (first) world().sql(`SET ROLE tenantry_owner; ${first}`);
      const answer = await call(await world().as(role), role);
      const should = of(expected, role);
      if (should instanceof Refusal) {
        if (should.code) refused(answer, should.status, should.code);
        else assert.equal(answer.status, should.status);
      } else if (typeof should === 'number') {
        assert.equal(answer.error, null);
        assert.equal(answer.count, should);
      } else {
        assert.deepEqual(given(answer), should);
      }
    });
  }
}

function of(expected: ByRole, role: Role): unknown {
  if (role in expected) return expected[role];
  return role === 'anon' ? unknown : expected.others;
}
