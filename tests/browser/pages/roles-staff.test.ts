import { everyPageAs } from './roles.ts';

everyPageAs('staff');
