// What can go wrong, by name. The sentences stand in resources/locales/<language>/errors.json, one per code.
import { z } from 'zod';

export const ErrorCode = z.enum([
  // What the caller sent
  'bad_request',
  'not_found',
  'line_gone',
  'question_empty',
  'question_too_long',
  'context_too_small',
  'backend_url_invalid',
  'backend_exists',
  'environment_invalid',
  // Which model, which engine
  'model_not_found',
  'no_model_installed',
  'no_model_file',
  'model_file_missing',
  'model_file_invalid',
  'no_backend',
  'backend_off',
  'backend_removed',
  'backend_key_needed',
  'backend_key_refused',
  'backend_not_known',
  'backend_redirects',
  'backend_login',
  'backend_gateway',
  'backend_no_chat',
  'backend_tls',
  'backend_no_answer',
  'backend_key_in_clear',
  'backend_resting',
  'secret_unreadable',
  'mlx_unavailable',
  'memory_short',
  // Talking to a server
  'backend_unreachable',
  'backend_connect_timeout',
  'backend_first_token_timeout',
  'backend_too_slow',
  'backend_load_timeout',
  'backend_silent',
  'backend_html',
  'backend_garbage',
  'backend_empty',
  'backend_busy',
  'backend_wait',
  'backend_refused',
  'backend_failed',
  'request_refused',
  'request_too_large',
  'backend_quota',
  'backend_model_not_loaded',
  'stream_cut',
  'answer_empty',
  // Engines that run as our own processes
  'ollama_not_installed',
  'ollama_start_failed',
  'ollama_ended',
  'ollama_gave_up',
  'ollama_held',
  'engine_not_ours',
  'engine_hung',
  'engine_unavailable',
  'engine_crashed',
  // Getting Ollama
  'install_unsupported',
  'install_no_space',
  'install_unreachable',
  'install_not_found',
  'install_checksum',
  'install_bad_archive',
  'install_not_answering',
  'install_unwritable',
  'install_in_use',
  // Getting models
  'model_name_invalid',
  'pull_not_found',
  'pull_no_space',
  'pull_no_network',
  'pull_refused',
  'pull_digest_mismatch',
  'pull_plain_http',
  'pull_failed',
  // Keeping models
  'model_exists',
  'model_in_use',
  'model_not_editable',
  'file_not_a_model',
  'file_unreadable',
  'work_no_space',
  'work_failed',
  'folder_unusable',
  'catalogue_invalid',
  'catalogue_unreachable',
  // Keeping history
  'storage_in_use',
  'storage_locked',
  'storage_read_only',
  'storage_newer',
  'storage_corrupt',
  'storage_disk_full',
  'storage_driver',
  'storage_failed',
  // Settings
  'settings_corrupt',
  'settings_values_reset',
  'settings_unwritable',
  'secrets_corrupt',
  // The rest
  'cancelled',
  'interrupted',
  'internal',
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

/** Values that the sentence of an error mentions, for example `{ model: 'llama3.2', installed: 'tiny' }`. */
export const ErrorParams = z.record(z.string(), z.union([z.string(), z.number()]));
export type ErrorParams = z.infer<typeof ErrorParams>;

/** An error as it crosses a process border: a code for programs, a sentence for people, details for the log. */
export const ErrorInfo = z.object({
  code: ErrorCode,
  /** What happened, what Hearth did, what you can do. Never holds a secret. */
  message: z.string(),
  params: ErrorParams,
  /** Technical text for a log or a bug report. */
  detail: z.string().optional(),
});
export type ErrorInfo = z.infer<typeof ErrorInfo>;
