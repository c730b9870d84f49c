// What could help with an answer that did not come, the best first, for every error there is. What of it can work, `remedy` knows.
import type { ErrorCode } from '../../../contract/errors.ts';

/**
 * `again`: the same question to the same engine. `goOn`: from where it stopped. `fetch` a model by name. `moreContext` for the
 * model. `smallerModel`, `otherModel`: an installed one. `makeRoom`: others leave the memory. `moreTime`: a longer limit.
 * `askNext`: another backend. `switchOn` the one that is off. `key`, `address`: its page. `reword`: the question comes back to be
 * changed. `newChat`: the same question without what was before it. The others lead to a page.
 */
export type Way =
  | 'again'
  | 'goOn'
  | 'fetch'
  | 'moreContext'
  | 'smallerModel'
  | 'otherModel'
  | 'makeRoom'
  | 'moreTime'
  | 'askNext'
  | 'switchOn'
  | 'key'
  | 'address'
  | 'reword'
  | 'newChat'
  | 'getModel'
  | 'setUp'
  | 'start'
  | 'seeEngine'
  | 'backends'
  | 'dataFolder';

const ADDRESS = ['askNext', 'address', 'again'] as const;
const HISTORY = ['again', 'dataFolder'] as const;

/** Null: no answer ends with it. `again` stands only where the same may go better, as far as Hearth can know. */
export const WAYS = {
  // What was sent
  context_too_small: ['moreContext', 'newChat', 'reword', 'askNext'],
  request_refused: ['newChat', 'reword', 'askNext'],
  request_too_large: ['newChat', 'reword', 'askNext'],
  answer_empty: ['again', 'reword', 'askNext'],

  // Which model
  model_not_found: ['fetch', 'otherModel', 'askNext', 'backends'],
  no_model_installed: ['getModel', 'askNext', 'again'],
  no_model_file: ['getModel', 'askNext', 'again'],
  model_file_missing: ['otherModel', 'getModel', 'askNext', 'again'],
  model_file_invalid: ['otherModel', 'getModel', 'askNext'],
  memory_short: ['smallerModel', 'makeRoom', 'askNext', 'getModel', 'again'],
  backend_model_not_loaded: ['askNext', 'again', 'address'],

  // Which backend
  no_backend: ['start', 'setUp', 'askNext', 'again'],
  backend_off: ['switchOn', 'askNext', 'backends'],
  backend_removed: ['askNext', 'backends'],
  backend_resting: ['again', 'askNext', 'address'],
  backend_key_needed: ['key', 'askNext'],
  backend_key_refused: ['key', 'askNext'],
  backend_key_in_clear: ['address', 'askNext'],
  secret_unreadable: ['key', 'askNext', 'again'],
  backend_not_known: ADDRESS,
  backend_redirects: ['address', 'askNext'],
  backend_login: ADDRESS,
  backend_gateway: ['again', 'askNext', 'address'],
  backend_no_chat: ['askNext', 'address'],
  backend_tls: ADDRESS,
  backend_html: ADDRESS,
  backend_garbage: ADDRESS,
  backend_refused: ['key', 'askNext', 'again'],
  backend_quota: ['askNext', 'address', 'again'],
  mlx_unavailable: ['askNext', 'backends'],

  // Whether it answers, and in time
  backend_unreachable: ['start', 'setUp', 'askNext', 'again', 'address'],
  backend_connect_timeout: ['moreTime', 'askNext', 'again', 'address'],
  backend_no_answer: ['again', 'askNext', 'moreTime', 'address'],
  backend_first_token_timeout: ['moreTime', 'again', 'askNext', 'smallerModel'],
  backend_too_slow: ['moreTime', 'smallerModel', 'askNext'],
  backend_load_timeout: ['moreTime', 'smallerModel', 'askNext', 'again'],
  backend_silent: ['again', 'moreTime', 'askNext', 'seeEngine'],
  backend_busy: ['again', 'askNext'],
  backend_wait: ['again', 'askNext'],
  backend_empty: ['again', 'askNext', 'seeEngine', 'address'],
  backend_failed: ['again', 'askNext', 'seeEngine', 'otherModel', 'address'],
  stream_cut: ['again', 'seeEngine', 'askNext', 'address'],

  // Engines that run as our own processes
  ollama_not_installed: ['setUp', 'askNext', 'again'],
  ollama_start_failed: ['start', 'seeEngine', 'askNext'],
  ollama_gave_up: ['start', 'seeEngine', 'askNext'],
  ollama_ended: ['again', 'seeEngine', 'askNext'],
  ollama_held: ['start', 'askNext'],
  engine_hung: ['again', 'seeEngine', 'askNext'],
  engine_unavailable: ['askNext', 'setUp', 'backends'],
  engine_crashed: ['again', 'smallerModel', 'askNext'],

  // Hearth itself
  storage_in_use: HISTORY,
  storage_locked: HISTORY,
  storage_read_only: HISTORY,
  storage_newer: HISTORY,
  storage_corrupt: HISTORY,
  storage_disk_full: HISTORY,
  storage_driver: HISTORY,
  storage_failed: HISTORY,
  interrupted: ['again'],
  internal: ['again', 'askNext', 'dataFolder'],

  // Told to whoever asked for something else, or before there is an answer
  bad_request: null,
  not_found: null,
  line_gone: null,
  question_empty: null,
  question_too_long: null,
  backend_url_invalid: null,
  backend_exists: null,
  environment_invalid: null,
  engine_not_ours: null,
  install_unsupported: null,
  install_no_space: null,
  install_unreachable: null,
  install_not_found: null,
  install_checksum: null,
  install_bad_archive: null,
  install_not_answering: null,
  install_unwritable: null,
  install_in_use: null,
  model_name_invalid: null,
  pull_not_found: null,
  pull_no_space: null,
  pull_no_network: null,
  pull_refused: null,
  pull_digest_mismatch: null,
  pull_plain_http: null,
  pull_failed: null,
  model_exists: null,
  model_in_use: null,
  model_not_editable: null,
  file_not_a_model: null,
  file_unreadable: null,
  work_no_space: null,
  work_failed: null,
  folder_unusable: null,
  catalogue_invalid: null,
  catalogue_unreachable: null,
  settings_corrupt: null,
  settings_values_reset: null,
  settings_unwritable: null,
  secrets_corrupt: null,
  cancelled: null,
} satisfies Record<ErrorCode, readonly Way[] | null>;

/** An error that an answer can end with. */
export type AnswerCode = { [Code in ErrorCode]: (typeof WAYS)[Code] extends null ? never : Code }[ErrorCode];

export function isAnswerCode(code: ErrorCode): code is AnswerCode {
  return WAYS[code] !== null;
}

/** What could help; with an error that should never be here, asking again. */
export function waysFor(code: ErrorCode): readonly Way[] {
  return WAYS[code] ?? ['again'];
}
