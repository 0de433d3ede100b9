import { pictures } from './pictures.ts';

pictures('light', 1280);
