// Refusals of a system message, as servers word them, and where it goes instead.
import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../../src/main/backends/interface.ts';
import { refusesSystemRole, withSystemInQuestion } from '../../../src/main/backends/system-role.ts';

describe('a refusal of the system role', () => {
  it.each([
    ['vLLM', '{"object":"error","message":"System role not supported","type":"BadRequestError","code":400}'],
    [
      'llama-server',
      '{"error":{"code":500,"message":"Value is not callable: null at row 1: raise_exception(\'System role not supported\')","type":"server_error"}}',
    ],
    [
      'LM Studio',
      '{"error":"Error rendering prompt with jinja template: \\"Conversation roles must alternate user/assistant/user/assistant/...\\""}',
    ],
    [
      'LM Studio, another template',
      '{"error":"Error rendering prompt with jinja template: \\"Only user and assistant roles are supported!\\""}',
    ],
    [
      'TGI',
      '{"error":"Template error: invalid operation: System role not supported (in <string>:1)","error_type":"template_error"}',
    ],
    ['mlx_lm.server', '{"error": "System role not supported"}'],
    [
      'OpenAI',
      '{"error":{"message":"Unsupported value: \'messages[0].role\' does not support \'system\' with this model.","param":"messages[0].role"}}',
    ],
    ['Google', '{"error":{"code":400,"message":"Developer instruction is not enabled for models/gemma-3-27b-it"}}'],
    ['a template of its own', "This model doesn't support system prompts."],
    ['another one', 'System messages are not allowed'],
    ['a third', 'Unexpected role: system'],
  ])('of %s is known', (_who, said) => {
    expect(refusesSystemRole(said)).toBe(true);
  });

  it.each([
    "This model's maximum context length is 4096 tokens.",
    'The system is overloaded.',
    'tool_choice is not supported',
    'Unrecognized request argument supplied: stream_options',
  ])('is not %j', (said) => {
    expect(refusesSystemRole(said)).toBe(false);
  });
});

describe('the system message in the question', () => {
  const said = (role: ChatMessage['role'], content: string): ChatMessage => ({ role, content });

  it('stands before the first one', () => {
    expect(
      withSystemInQuestion([said('system', 'Be brief.'), said('user', 'a'), said('assistant', 'b'), said('user', 'c')]),
    ).toEqual([said('user', 'Be brief.\n\na'), said('assistant', 'b'), said('user', 'c')]);
  });

  it('keeps the images of the question', () => {
    expect(withSystemInQuestion([said('system', 'x'), { ...said('user', ''), images: ['y'] }])).toEqual([
      { ...said('user', 'x'), images: ['y'] },
    ]);
  });

  it('is a question of its own where there is none, and nothing changes without one', () => {
    expect(withSystemInQuestion([said('system', 'x')])).toEqual([said('user', 'x')]);
    expect(withSystemInQuestion([said('user', 'a')])).toEqual([said('user', 'a')]);
  });
});
