import { describe, expect, it } from 'vitest';
import type { AnswerSource, Message } from '../../../src/contract/conversations.ts';
import type { ErrorCode } from '../../../src/contract/errors.ts';
import { keptChoice } from '../../../src/main/chat/keeping.ts';
import { answerMessage, ollamaSource } from '../../support/answers.ts';
import { ollamaReady } from '../../support/fake-main.ts';

const passedOver = (code: ErrorCode): AnswerSource['skipped'][number] => ({
  kind: 'llamacpp',
  label: 'Built-in engine',
  reason: { code, message: code, params: {} },
});
const answered = (source: Partial<AnswerSource>, text = 'Yes.'): Message =>
  answerMessage('done', text, { source: { ...ollamaSource, ...source } });

describe('what a chat keeps', () => {
  it('is the backend and the model that answered', () => {
    const source = { model: 'llama3.2:3b' };
    expect(keptChoice(answered(source), ollamaReady)).toEqual({ backend: 'ollama', model: 'llama3.2:3b' });
    expect(keptChoice({ ...answered(source), state: 'stopped' }, ollamaReady)).not.toBeNull();
  });

  it('is nothing where nobody answered, or the demo did', () => {
    expect(keptChoice(answered({}, ''), ollamaReady)).toBeNull();
    expect(keptChoice(answered({ kind: 'demo' }), ollamaReady)).toBeNull();
    expect(keptChoice({ ...answered({}), source: null }, ollamaReady)).toBeNull();
  });

  it('is nothing where the model or the backend is not there any more', () => {
    expect(keptChoice(answered({ model: 'gone' }), ollamaReady)).toBeNull();
    expect(keptChoice(answered({ label: 'Another one' }), ollamaReady)).toBeNull();
  });

  it('is not what stood in for an engine that failed, but what was next to one that is not here', () => {
    const after = (code: ErrorCode) =>
      keptChoice(answered({ model: 'llama3.2:3b', skipped: [passedOver(code)] }), ollamaReady);
    expect(after('engine_crashed')).toBeNull();
    expect(after('backend_resting')).toBeNull();
    expect(after('backend_unreachable')).toBeNull();
    expect(after('no_model_file')).toEqual({ backend: 'ollama', model: 'llama3.2:3b' });
    expect(after('mlx_unavailable')).toEqual({ backend: 'ollama', model: 'llama3.2:3b' });
  });
});
