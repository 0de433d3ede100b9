import { pictures } from './pictures.ts';

pictures('dark', 1280);
