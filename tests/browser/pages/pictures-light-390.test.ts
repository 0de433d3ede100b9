import { pictures } from './pictures.ts';

pictures('light', 390);
