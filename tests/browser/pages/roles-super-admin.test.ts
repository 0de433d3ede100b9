import { everyPageAs } from './roles.ts';

everyPageAs('super_admin');
