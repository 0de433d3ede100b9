// Changes of configuration that pages are about, made where there are none with the operator's commands: the sample agency has none.

import { tenantry } from '../../contract/world/program.ts';

const texts = 'Text messages while testing, too, as Marta asked';
const kept = 'Lumen Yoga answers on Saturdays, too';
const refused = 'Answer until midnight';

/** How a change is made, by what stands in the place of its key. */
const ways: Readonly<Record<string, { reason: string; make: (database: string) => void }>> = {
  // Lists are joined: where production has text messages already, nothing changes.
  '{proposed}': {
    reason: texts,
    make: (database) => void set(database, ['notifications.channels', '["sms"]', '--client', 'Marta Villanueva', '--template', 'appointment-booking', '--reason', texts, '--propose']),
  },
  '{applied}': {
    reason: kept,
    make: (database) => void set(database, ['support.hours', 'Mon-Sat 9:00-17:00 CET', '--client', 'Marta Villanueva', '--reason', kept]),
  },
  '{rejected}': {
    reason: refused,
    make: (database) => {
      const id = set(database, ['support.hours', 'Mon-Fri 9:00-24:00 CET', '--client', 'Marta Villanueva', '--reason', refused, '--propose']);
      tenantry(database, ['change', 'reject', id, '--reason', 'Nobody of the studio is there that late']);
    },
  },
};

/** The change of a place, made where there is none yet; nothing where the place isn't one of a change. */
export function changeAt(place: string, sql: (text: string) => string): string | undefined {
  const way = ways[place];
  if (!way) return undefined;
  const find = () => sql(`SELECT id FROM tenantry.changes WHERE reason = '${way.reason}'`);
  const found = find();
  if (found) return found;
  way.make(sql('SELECT current_database()'));
  return find();
}

function set(database: string, values: string[]): string {
  return (tenantry(database, ['config', 'set', ...values]) as { id: string }).id;
}
