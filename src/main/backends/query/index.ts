export { createQueryBackend } from './query.ts';
