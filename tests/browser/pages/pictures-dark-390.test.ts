import { pictures } from './pictures.ts';

pictures('dark', 390);
