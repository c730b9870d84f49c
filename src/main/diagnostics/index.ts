export { createLog, LOG_MAX_BYTES, type Log } from './log.ts';
export { createFetch, type Fetch } from './network.ts';
export type { ByteSource } from './network-body.ts';
export type { FetchOptions } from './network-request.ts';
export {
  countFrom,
  measureFrom,
  fieldsOf,
  listIn,
  momentFrom,
  named,
  nameFrom,
  textFrom,
  wordsFrom,
} from './server-values.ts';
