import { everyPageAs } from './roles.ts';

everyPageAs('manager');
