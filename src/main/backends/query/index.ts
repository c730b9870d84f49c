export { createQueryBackend, type QueryAddress } from './query.ts';
