import { spawn } from 'node:child_process';

import { databaseUrl, program } from '../../contract/world/program.ts';

/** What `tenantry up` says when it is ready, as far as tests ask. */
export interface Ready {
  url: string;
  demo_people?: { email: string; password: string }[];
  set_up?: string;
}

/** Starts `tenantry up` on a database and waits until it is ready. */
export async function up(database: string, folder: string, ...more: string[]): Promise<{ ready: Ready; stop: () => Promise<void> }> {
  const env = { ...process.env, DATABASE_ADMIN_URL: databaseUrl(database), TENANTRY_DATA_DIR: folder };
  const url = databaseUrl(database, 'tenantry_server');
  const child = spawn(program, ['--database-url', url, '--format', 'json', 'up', '--listen', '127.0.0.1:0', ...more], {
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
