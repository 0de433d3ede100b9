import { everyPageAs } from './roles.ts';

everyPageAs('admin');
