// Bodies that call themselves something else than they are: their first bytes tell, wherever they are split.
import { afterEach, describe, expect, it } from 'vitest';
import { backendAt, openAi } from './remote-setup.ts';
import { cleanUp, forever, hear, hello, ollamaAt, replay } from './setup.ts';

afterEach(cleanUp);

const TYPES = ['application/json', 'text/plain', 'text/event-stream', 'application/octet-stream'];
const answer = { choices: [{ index: 0, message: { role: 'assistant', content: 'Hi.' }, finish_reason: 'stop' }] };
const events = ['{"choices":[{"delta":{"content":"Hi"}}]}', '{"choices":[{"delta":{"content":"."}}]}', '[DONE]'];
const OPENAI_BODIES = {
  'JSON in one line': JSON.stringify(answer),
  'JSON in many lines': `\uFEFF\r\n${JSON.stringify(answer, null, 2).replaceAll('\n', '\r\n')}`,
  'a stream of events': events.map((data) => `data: ${data}\n\n`).join(''),
  'a stream after a comment': `: ok\n\n${events.map((data) => `data: ${data}\n\n`).join('')}`,
};
const whole = { model: 'tiny', message: { role: 'assistant', content: 'Hi.' }, done: true, done_reason: 'stop' };
const OLLAMA_BODIES = {
  'JSON in one line': JSON.stringify(whole),
  'JSON in many lines': JSON.stringify(whole, null, 2),
  records: `{"message":{"content":"Hi"},"done":false}\n{"message":{"content":"."},"done":true}\n`,
};

describe.each(TYPES)('called %s', (contentType) => {
  it.each(Object.entries(OPENAI_BODIES))('%s of an OpenAI-compatible server is read', async (_, body) => {
    const server = await openAi({ fault: { kind: 'status', status: 200, body, contentType } });
    const { text, error } = await hear(backendAt(server.url).chat(hello, forever()));
    expect(error).toBeNull();
    expect(text).toBe('Hi.');
  });

  it.each(Object.entries(OLLAMA_BODIES))('%s of Ollama is read', async (_, body) => {
    const server = await replay({ fault: { kind: 'status', status: 200, body, contentType } });
    const { text, error } = await hear(ollamaAt(server.url).chat(hello, forever()));
    expect(error).toBeNull();
    expect(text).toBe('Hi.');
  });

  it('an error that is alone and calls itself none is told in its own words', async () => {
    const body = '{"code":"Throttled","message":"Not today."}\n';
    const fault = { kind: 'status', status: 200, body, contentType } as const;
    const [openai, ollama] = [await openAi({ fault }), await replay({ fault })];
    for (const backend of [backendAt(openai.url), ollamaAt(ollama.url)]) {
      const { error } = await hear(backend.chat(hello, forever()));
      expect(error).toMatchObject({ code: 'backend_failed', params: { reason: 'Not today' } });
    }
  });
});
