// An OpenAI-compatible server as a backend: its answers, and what it is asked.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HearthError } from '../../../src/main/errors/index.ts';
import { breachOfGemma, refusing } from '../../support/strict-template.ts';
import { backendAt, openAi } from './remote-setup.ts';
import { atEnd, cleanUp, forever, hear, hello } from './setup.ts';

afterEach(cleanUp);

describe('an answer', () => {
  it('is what a real server streamed, with its counts', async () => {
    const server = await openAi({ recording: 'v1-chat-stream', models: null });
    const { events, error } = await hear(backendAt(`${server.url}#tiny`).chat(hello, forever()));
    expect(error).toBeNull();
    expect(events.slice(0, -1)).toEqual(['\u0010', 'z', '\u0002'].map((text) => ({ type: 'text', text })));
    expect(events.at(-1)).toEqual({
      type: 'done',
      reason: 'length',
      usage: {
        promptTokens: 19,
        answerTokens: 5,
        loadMs: null,
        answerMs: expect.any(Number),
        firstTokenMs: expect.any(Number),
        totalMs: expect.any(Number),
      },
    });
  });

  it('is what a real server said in one piece', async () => {
    const server = await openAi({ recording: 'v1-chat', models: null });
    const { events } = await hear(backendAt(server.url).chat({ ...hello, delivery: 'whole' }, forever()));
    expect(events[0]).toEqual({ type: 'text', text: '\u0010z\u0002' });
    expect(events[1]).toMatchObject({ type: 'done', reason: 'length', usage: { promptTokens: 19, answerTokens: 5 } });
    expect(server.chats()[0]?.body).not.toHaveProperty('stream');
  });

  it('goes to the model of the question, else of the address, else the first of the list', async () => {
    const server = await openAi({ models: [{ id: 'first' }, { id: 'named' }, { id: 'wished' }] });
    const unnamed = { ...hello, model: null };
    await hear(backendAt(server.url).chat(unnamed, forever()));
    await hear(backendAt(`${server.url}#named`).chat(unnamed, forever()));
    await hear(backendAt(`${server.url}#named`).chat({ ...hello, model: 'wished' }, forever()));
    expect(server.chats().map(({ body }) => (body as { model: string }).model)).toEqual(['first', 'named', 'wished']);
  });

  it.each(['reasoning_content', 'reasoning'] as const)(
    'keeps thinking in %s apart from text',
    async (thinkingField) => {
      const server = await openAi({ answer: { thinking: ['hm', '…'], pieces: ['42'], thinkingField } });
      const { events } = await hear(backendAt(server.url).chat(hello, forever()));
      expect(events.slice(0, 3)).toEqual([
        { type: 'thinking', text: 'hm' },
        { type: 'thinking', text: '…' },
        { type: 'text', text: '42' },
      ]);
      const whole = await hear(backendAt(server.url).chat({ ...hello, delivery: 'whole' }, forever()));
      expect(whole.events.slice(0, 2)).toEqual([
        { type: 'thinking', text: 'hm…' },
        { type: 'text', text: '42' },
      ]);
    },
  );

  it('tells calls once they are whole, before it is done', async () => {
    const toolPieces = [
      { index: 0, id: 'c1', type: 'function', function: { name: 'add', arguments: '{"a"' } },
      { index: 1, id: 'c2', type: 'function', function: { name: 'now', arguments: '' } },
      { index: 0, function: { arguments: ':1}' } },
    ];
    const server = await openAi({ answer: { pieces: ['Let me see.'], toolPieces, finish: 'tool_calls' } });
    const { events } = await hear(backendAt(server.url).chat(hello, forever()));
    expect(events).toEqual([
      { type: 'text', text: 'Let me see.' },
      { type: 'tool-call', call: { id: 'c1', name: 'add', arguments: { a: 1 } } },
      { type: 'tool-call', call: { id: 'c2', name: 'now', arguments: {} } },
      expect.objectContaining({ type: 'done', reason: 'stop' }),
    ]);
  });

  it('leaves counts null that the server does not tell, and takes the times that it measures', async () => {
    const server = await openAi({ answer: { pieces: ['a'], usage: null } });
    const { events } = await hear(backendAt(server.url).chat(hello, forever()));
    expect(events.at(-1)).toMatchObject({ usage: { promptTokens: null, answerTokens: null } });
    server.set({ answer: { pieces: ['a'], timings: { predicted_ms: 12.5 } } });
    expect((await hear(backendAt(server.url).chat(hello, forever()))).events.at(-1)).toMatchObject({
      usage: { answerMs: 12.5 },
    });
  });

  it('tells when the server cut the prompt silently', async () => {
    const server = await openAi();
    const long = { ...hello, messages: [{ role: 'user' as const, content: 'word '.repeat(4_800) }] };
    const { events } = await hear(backendAt(server.url).chat(long, forever()));
    expect(events.at(-1)).toMatchObject({ type: 'done', usage: { wasPromptCut: true } });
  });

  it('comes also without a reason of its end, or without [DONE]', async () => {
    const server = await openAi({ answer: { pieces: ['a'], finish: null } });
    expect((await hear(backendAt(server.url).chat(hello, forever()))).events.at(-1)).toMatchObject({ type: 'done' });
    server.set({ answer: { pieces: ['a'], saysDone: false } });
    expect((await hear(backendAt(server.url).chat(hello, forever()))).events.at(-1)).toMatchObject({ type: 'done' });
  });

  it('is complete with the reason of its end, however the connection ends', async () => {
    // The first record, one of text, the one with the reason.
    const server = await openAi({ answer: { pieces: ['a'] }, fault: { kind: 'cut', afterRecords: 3 } });
    const { events, error } = await hear(backendAt(server.url).chat(hello, forever()));
    expect(error).toBeNull();
    expect(events.at(-1)).toMatchObject({ type: 'done', reason: 'stop' });
  });

  it('comes in one piece from a server that does not stream', async () => {
    const server = await openAi({ neverStreams: true });
    const { events, text } = await hear(backendAt(server.url).chat(hello, forever()));
    expect(text).toBe('Hello there.');
    expect(events.at(-1)).toMatchObject({ type: 'done', usage: { promptTokens: 19 } });
  });

  it.each(['\n\n', '\n', '\r\n\r\n'])('survives being split anywhere, with lines that end in %j', async (lineEnd) => {
    const pieces = ['Grüße ', '日本語 ', '👩‍👩‍👧‍👦', ' שלום', '\u0000\n'];
    const server = await openAi({ answer: { pieces }, splitBytes: 1, lineEnd });
    const { text, error } = await hear(backendAt(server.url).chat(hello, forever()));
    expect(error).toBeNull();
    expect(text).toBe(pieces.join(''));
  });

  it.each([
    ['in many records', Array.from({ length: 4_096 }, (_, index) => `${index}`.padEnd(256, '·')), 'stream' as const],
    ['in one record', ['·'.repeat(1024 * 1024)], 'stream' as const],
    ['whole', ['·'.repeat(1024 * 1024)], 'whole' as const],
  ])('of a megabyte %s arrives whole', async (_, pieces, delivery) => {
    const server = await openAi({ answer: { pieces } });
    const { text } = await hear(backendAt(server.url).chat({ ...hello, delivery }, forever()));
    expect(text === pieces.join('')).toBe(true);
  });

  it('is written a hundred times at once', async () => {
    const server = await openAi();
    const backend = backendAt(server.url);
    const heard = await Promise.all(Array.from({ length: 100 }, () => hear(backend.chat(hello, forever()))));
    expect(heard.map(({ text }) => text)).toEqual(heard.map(() => 'Hello there.'));
    expect(server.chats()).toHaveLength(100);
  });

  it('leaves its connection to the next one', async () => {
    const server = await openAi();
    const backend = backendAt(server.url);
    for (let round = 0; round < 10; round += 1) await hear(backend.chat(hello, forever()));
    expect(server.connections()).toBe(1);
  });
});

describe('a request', () => {
  it('carries key and headers of the user, and nothing that Hearth was not told to send', async () => {
    for (const [name, value] of Object.entries({
      OPENAI_API_KEY: 'sk-environment',
      OPENAI_ORG_ID: 'org-environment',
      OPENAI_PROJECT_ID: 'project-environment',
      OPENAI_BASE_URL: 'http://127.0.0.1:9/environment',
      OPENAI_CUSTOM_HEADERS: 'x-environment: yes',
      OPENAI_LOG: 'debug',
    }))
      vi.stubEnv(name, value);
    atEnd(() => vi.unstubAllEnvs());
    const printed = (['log', 'debug', 'info', 'warn', 'error'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => undefined),
    );
    atEnd(() => printed.forEach((spy) => spy.mockRestore()));
    const server = await openAi({ key: 'sk-mine' });
    const backend = backendAt(server.url, {}, { key: 'sk-mine', headers: { 'X-Title': 'desk' } });
    await backend.look(forever());
    await hear(backend.chat(hello, forever()));
    await hear(backend.chat({ ...hello, delivery: 'whole' }, forever()));
    await backend.embed?.(['a'], { model: null, signal: forever() });
    // A look at the list and one whether questions are taken, two answers, vectors.
    expect(server.requests).toHaveLength(5);
    const usual = ['host', 'connection', 'accept', 'content-type', 'content-length', 'authorization', 'x-title'];
    for (const { headers } of server.requests) {
      expect(Object.keys(headers).filter((name) => !usual.includes(name))).toEqual([]);
      expect(headers).toMatchObject({ authorization: 'Bearer sk-mine', 'x-title': 'desk' });
    }
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
    await hear(backendAt(server.url).chat(hello, forever()));
    expect(server.requests.at(-1)?.headers).not.toHaveProperty('authorization');
  });

  it('reads the key anew with every question', async () => {
    const server = await openAi({ key: 'second' });
    let key = 'first';
    const backend = backendAt(server.url, {}, { access: () => Promise.resolve({ key, headers: {} }) });
    expect((await hear(backend.chat(hello, forever()))).error).toMatchObject({ code: 'backend_key_refused' });
    key = 'second';
    expect((await hear(backend.chat(hello, forever()))).error).toBeNull();
  });

  it('is told in plain words when the key can’t be read', async () => {
    const unreadable = new HearthError('secret_unreadable', { name: 'Workstation', reason: 'locked' });
    const backend = backendAt((await openAi()).url, {}, { access: () => Promise.reject(unreadable) });
    expect((await hear(backend.chat(hello, forever()))).error).toBe(unreadable);
    expect(await backend.look(forever())).toMatchObject({
      state: 'unavailable',
      problem: { code: 'secret_unreadable' },
    });
  });

  it('is asked once more without stream_options, and from then on without', async () => {
    const server = await openAi({ refusedFields: ['stream_options'] });
    const backend = backendAt(server.url);
    for (const round of [1, 2])
      expect((await hear(backend.chat(hello, forever()))).text, `${round}`).toBe('Hello there.');
    const asked = server.chats().map(({ body }) => 'stream_options' in (body as object));
    expect(asked).toEqual([true, false, false]);
  });

  it('is not asked again in other words by a server that has understood it before', async () => {
    const server = await openAi();
    const backend = backendAt(server.url);
    await hear(backend.chat(hello, forever()));
    server.set({ fault: { kind: 'status', status: 400, body: '{"error":{"message":"too long"}}' } });
    expect((await hear(backend.chat(hello, forever()))).error).toMatchObject({
      code: 'request_refused',
      params: { reason: 'too long' },
    });
    expect(server.chats()).toHaveLength(2);
  });

  it('forgets a doubt that a second refusal did not prove', async () => {
    const server = await openAi({ fault: { kind: 'status', status: 400, body: '{"error":"too long"}', times: 2 } });
    const backend = backendAt(server.url);
    expect((await hear(backend.chat(hello, forever()))).error).toMatchObject({ code: 'request_refused' });
    await hear(backend.chat(hello, forever()));
    expect(server.chats().map(({ body }) => 'stream_options' in (body as object))).toEqual([true, false, true]);
  });

  it('names the length as a server wants it', async () => {
    const body = JSON.stringify({ error: { message: "Use 'max_completion_tokens' instead.", param: 'max_tokens' } });
    const server = await openAi({ fault: { kind: 'status', status: 400, body, times: 1 } });
    const backend = backendAt(server.url);
    const short = { ...hello, options: { maxTokens: 5 } };
    for (const delivery of ['stream', 'whole'] as const)
      expect((await hear(backend.chat({ ...short, delivery }, forever()))).error).toBeNull();
    expect(server.chats().slice(1)).toMatchObject([
      { body: { max_completion_tokens: 5 } },
      { body: { max_completion_tokens: 5 } },
    ]);
  });

  it('goes without a system message to the models that refuse one, found out once for each', async () => {
    const refuses = refusing(breachOfGemma);
    const server = await openAi({
      models: [{ id: 'tiny' }, { id: 'other' }],
      refuses,
      refusedFields: ['stream_options'],
    });
    const backend = backendAt(server.url);
    const messages = [{ role: 'system' as const, content: 'Be brief.' }, ...hello.messages];
    for (const [model, delivery] of [
      ['tiny', 'stream'],
      ['tiny', 'whole'],
      ['other', 'whole'],
      ['other', 'stream'],
    ] as const)
      expect((await hear(backend.chat({ model, messages, delivery }, forever()))).text).toBe('Hello there.');
    const systems = server
      .chats()
      .map(({ body }) => body as { model: string; messages: { role: string; content: string }[] })
      .filter(({ messages: [first] }) => first?.role === 'system')
      .map(({ model }) => model);
    expect(server.chats()).toHaveLength(7);
    expect([...new Set(systems)]).toEqual(['tiny', 'other']);
    expect(server.chats().at(-1)?.body).toMatchObject({ messages: [{ role: 'user', content: 'Be brief.\n\nhello' }] });
  });

  it('is worded anew also when the server refuses with the first record of its answer', async () => {
    const said = 'Error rendering prompt with jinja template: "Only user and assistant roles are supported!"';
    const server = await openAi({ fault: { kind: 'error', afterRecords: 0, error: { message: said }, times: 1 } });
    const messages = [{ role: 'system' as const, content: 'Be brief.' }, ...hello.messages];
    const backend = backendAt(server.url);
    expect(await hear(backend.chat({ ...hello, messages }, forever()))).toMatchObject({
      text: 'Hello there.',
      error: null,
    });
    expect(server.chats()).toHaveLength(2);
    expect(server.chats()[1]?.body).toMatchObject({ messages: [{ role: 'user', content: 'Be brief.\n\nhello' }] });
    // After a word nothing is asked again: the failure is one.
    server.set({ fault: { kind: 'error', afterRecords: 2, error: { message: said } } });
    const { text, error } = await hear(backend.chat({ model: 'tiny', messages }, forever()));
    expect([text, error]).toMatchObject(['Hello', { code: 'backend_failed', params: { reason: said } }]);
    expect(server.chats()).toHaveLength(3);
  });

  it('is not asked for ever by a server that always refuses', async () => {
    const refuses = () => ({ status: 500, body: '{"error":{"code":500,"message":"System role not supported"}}' });
    const server = await openAi({ refuses });
    const messages = [{ role: 'system' as const, content: 'Be brief.' }, ...hello.messages];
    const backend = backendAt(server.url);
    for (const asked of [2, 4]) {
      expect((await hear(backend.chat({ ...hello, messages }, forever()))).error).toMatchObject({
        code: 'backend_failed',
      });
      // What the second refusal did not prove is not remembered.
      expect(server.chats()).toHaveLength(asked);
    }
  });

  it('carries what only some engines know, once they are known', async () => {
    const server = await openAi({ models: [{ id: 'tiny', owned_by: 'llamacpp' }] });
    const backend = backendAt(server.url);
    const sampled = { ...hello, options: { topK: 3 } };
    await hear(backend.chat(sampled, forever()));
    await backend.look(forever());
    await hear(backend.chat(sampled, forever()));
    expect(server.chats()[0]?.body).not.toHaveProperty('top_k');
    expect(server.chats()[1]?.body).toMatchObject({ top_k: 3 });
  });
});
