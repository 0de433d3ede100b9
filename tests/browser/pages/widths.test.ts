import { fits } from './pictures.ts';

fits([360, 2560]);
