import { everyPageAs } from './roles.ts';

everyPageAs('client');
