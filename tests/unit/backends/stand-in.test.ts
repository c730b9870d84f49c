// When the demo may answer where nobody chose it, for every error there is.
import { describe, expect, it, test } from 'vitest';
import { ErrorCode } from '../../../src/contract/errors.ts';
import { refused, toldOf } from '../../../src/main/backends/choice/refusal.ts';
import { demoRule, isAbsent, mayDemoAnswer } from '../../../src/main/backends/choice/stand-in.ts';
import { errorInfo, HearthError } from '../../../src/main/errors/index.ts';

/** `absent`: nobody was there. `failed`: an engine was. `never`: a sample would hide what helps, whatever was chosen. */
type Standing = 'absent' | 'failed' | 'never';

/** A new code has to be decided here. */
const STANDING: Record<ErrorCode, Standing> = {
  no_model_installed: 'absent',
  no_model_file: 'absent',
  backend_off: 'absent',
  backend_removed: 'absent',
  mlx_unavailable: 'absent',
  engine_unavailable: 'absent',
  ollama_not_installed: 'absent',
  backend_unreachable: 'absent',
  backend_connect_timeout: 'absent',

  context_too_small: 'never',
  answer_empty: 'never',

  bad_request: 'failed',
  not_found: 'failed',
  question_empty: 'failed',
  question_too_long: 'failed',
  backend_url_invalid: 'failed',
  backend_exists: 'failed',
  line_gone: 'failed',
  environment_invalid: 'failed',
  model_not_found: 'failed',
  model_file_missing: 'failed',
  model_file_invalid: 'failed',
  no_backend: 'failed',
  backend_key_needed: 'failed',
  backend_key_refused: 'failed',
  backend_not_known: 'failed',
  backend_redirects: 'failed',
  backend_login: 'failed',
  backend_gateway: 'failed',
  backend_no_chat: 'failed',
  backend_tls: 'failed',
  backend_no_answer: 'failed',
  backend_key_in_clear: 'failed',
  backend_resting: 'failed',
  secret_unreadable: 'failed',
  memory_short: 'failed',
  backend_first_token_timeout: 'failed',
  backend_too_slow: 'failed',
  backend_load_timeout: 'failed',
  backend_silent: 'failed',
  backend_html: 'failed',
  backend_garbage: 'failed',
  backend_empty: 'failed',
  backend_busy: 'failed',
  backend_wait: 'failed',
  backend_refused: 'failed',
  backend_failed: 'failed',
  request_refused: 'failed',
  request_too_large: 'failed',
  backend_quota: 'failed',
  backend_model_not_loaded: 'failed',
  stream_cut: 'failed',
  ollama_start_failed: 'failed',
  ollama_ended: 'failed',
  ollama_gave_up: 'failed',
  ollama_held: 'failed',
  engine_not_ours: 'failed',
  engine_hung: 'failed',
  engine_crashed: 'failed',
  install_unsupported: 'failed',
  install_no_space: 'failed',
  install_unreachable: 'failed',
  install_not_found: 'failed',
  install_checksum: 'failed',
  install_bad_archive: 'failed',
  install_not_answering: 'failed',
  install_unwritable: 'failed',
  install_in_use: 'failed',
  model_name_invalid: 'failed',
  pull_not_found: 'failed',
  pull_no_space: 'failed',
  pull_no_network: 'failed',
  pull_refused: 'failed',
  pull_digest_mismatch: 'failed',
  pull_plain_http: 'failed',
  pull_failed: 'failed',
  model_exists: 'failed',
  model_in_use: 'failed',
  model_not_editable: 'failed',
  file_not_a_model: 'failed',
  file_unreadable: 'failed',
  work_no_space: 'failed',
  work_failed: 'failed',
  folder_unusable: 'failed',
  catalogue_invalid: 'failed',
  catalogue_unreachable: 'failed',
  storage_in_use: 'failed',
  storage_locked: 'failed',
  storage_read_only: 'failed',
  storage_newer: 'failed',
  storage_corrupt: 'failed',
  storage_disk_full: 'failed',
  storage_driver: 'failed',
  storage_failed: 'failed',
  settings_corrupt: 'failed',
  settings_values_reset: 'failed',
  settings_unwritable: 'failed',
  secrets_corrupt: 'failed',
  cancelled: 'failed',
  interrupted: 'failed',
  internal: 'failed',
};

const absent = errorInfo('backend_unreachable', { backend: 'It', host: 'gpu.lan' });

describe.each(ErrorCode.options)('after %s', (code) => {
  const reason = errorInfo(code);
  const standing = STANDING[code];

  it('the demo answers as the rule says', () => {
    expect(isAbsent(reason)).toBe(standing === 'absent');
    for (const reasons of [[reason], [absent, reason], [reason, absent]]) {
      expect(mayDemoAnswer('never', reasons)).toBe(false);
      expect(mayDemoAnswer('always', reasons)).toBe(standing !== 'never');
      expect(mayDemoAnswer('ifNobodyIsThere', reasons)).toBe(standing === 'absent');
    }
  });

  it('one that rests for it counts as that', () => {
    const resting = errorInfo('backend_resting', { backend: 'It', seconds: 5, reason: 'It.', cause: code });
    expect(mayDemoAnswer('ifNobodyIsThere', [resting])).toBe(standing === 'absent');
  });

  it('the error that is told is the one of an engine that was there', () => {
    const skipped = [absent, reason].map((one, at) => ({ kind: 'openai' as const, label: `${at}`, reason: one }));
    expect(refused(skipped).code).toBe(standing === 'absent' ? 'no_backend' : code);
    expect(toldOf(skipped)?.label).toBe(standing === 'absent' ? undefined : '1');
    expect(toldOf(skipped.slice(1))?.label).toBe('1');
  });
});

test('what the setting means: open, the demo answers until an engine has', () => {
  const rules = ([null, 'say', 'demo'] as const).map((ifNothingAnswers) =>
    [false, true].map((hasEngineAnswered) => demoRule({ ifNothingAnswers }, { hasEngineAnswered })),
  );
  expect(rules).toEqual([
    ['ifNobodyIsThere', 'never'],
    ['never', 'never'],
    ['always', 'always'],
  ]);
});

test('a failure of now is told before one that rests, and with its own values', () => {
  const skipped = [
    errorInfo('backend_resting', { backend: 'One', seconds: 5, reason: 'It.', cause: 'backend_empty' }),
    errorInfo('memory_short', { model: 'big', needed: '9 GB', free: '1 GB' }),
  ].map((reason) => ({ kind: 'openai' as const, label: 'it', reason }));
  expect(refused(skipped)).toMatchObject({ code: 'memory_short', params: { model: 'big', free: '1 GB' } });
  expect(refused(skipped.slice(0, 1))).toMatchObject({ code: 'backend_resting' });
  expect(refused([])).toBeInstanceOf(HearthError);
});
