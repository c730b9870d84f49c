// An answer that goes on, where the engine can carry it on and where it has to be asked.
import { describe, expect, it, vi } from 'vitest';
import { continued } from '../../../src/main/backends/continuation/continuation.ts';
import { createRunLog } from '../../../src/main/backends/choice/run-log.ts';
import { runPlan } from '../../../src/main/backends/choice/run.ts';
import { createJoint } from '../../../src/main/backends/continuation/joint.ts';
import type { Backend, ChatEvent, ChatRequest } from '../../../src/main/backends/interface.ts';
import { newDialect } from '../../../src/main/backends/openai/dialect.ts';
import { chatBody } from '../../../src/main/backends/openai/request.ts';
import { HearthError } from '../../../src/main/errors/index.ts';
import { leavesLastOpen } from '../../../src/main/backends/ollama/open-template.ts';
import { madeUp } from '../../support/made-up-backends.ts';
import { noUsage } from '../../support/scripted-backends.ts';

function joinedOf(before: string, ...pieces: string[]): string {
  const joint = createJoint(before);
  return before + pieces.map((piece) => joint.push(piece)).join('') + joint.end();
}

describe('the joint', () => {
  it.each([
    ['a space that models leave out', 'The sea is', 'deep.', 'The sea is deep.'],
    ['a space that is there', 'The sea is', ' deep.', 'The sea is deep.'],
    ['a sentence', 'It is deep.', 'And cold.', 'It is deep. And cold.'],
    ['a word that was cut', 'The whole contin', 'continent sank.', 'The whole continent sank.'],
    ['the last words again', 'Then the cat sat on', 'the cat sat on the mat.', 'Then the cat sat on the mat.'],
    ['all of a line again', 'One.\n2. Second thing', '2. Second thing to do', 'One.\n2. Second thing to do'],
    ['a new paragraph', 'End.', '\n\nNext', 'End.\n\nNext'],
    ['a short word twice, which may be meant', 'I know that', 'that is so', 'I know that is so'],
    ['code', '```js\nconst a = b', '.c;', '```js\nconst a = b.c;'],
    ['code in its middle', '```js\nfoo.', 'bar()', '```js\nfoo.bar()'],
    ['a script without spaces', '海は', '深い。', '海は深い。'],
    ['nothing', 'Whole.', '', 'Whole.'],
  ])('of %s', (_what, before, after, expected) => {
    expect(joinedOf(before, after)).toBe(expected);
    expect(joinedOf(before, ...Array.from(after))).toBe(expected);
  });

  it('drops what is repeated once', () => {
    expect(joinedOf('over and over again', 'over again', ' over again')).toBe('over and over again over again');
  });

  it('holds nothing back that can be no repetition', () => {
    expect(createJoint('The sea is').push(' deep')).toBe(' deep');
  });
});

const request: ChatRequest = {
  model: null,
  messages: [
    { role: 'user', content: 'Q' },
    { role: 'assistant', content: 'The sea is' },
  ],
  goesOn: true,
};
const done: ChatEvent = { type: 'done', reason: 'stop', usage: noUsage };

async function eventsOf<T>(events: AsyncIterable<T>): Promise<T[]> {
  const heard: T[] = [];
  for await (const event of events) heard.push(event);
  return heard;
}

describe('going on', () => {
  function scene(goesOn: Backend['goesOn'], answer: (asked: ChatRequest) => (ChatEvent | Error)[]) {
    const ask = vi.fn<(asked: ChatRequest) => AsyncIterable<ChatEvent>>(async function* (asked) {
      for (const event of answer(asked)) {
        if (event instanceof Error) throw event;
        yield event;
      }
    });
    const backend = goesOn ? { goesOn } : {};
    const events = continued({ backend, request, ask, signal: new AbortController().signal });
    return { ask, heard: eventsOf(events) };
  }

  it('is left to an engine that can', async () => {
    const { ask, heard } = scene(
      () => true,
      () => [{ type: 'text', text: 'is' }, done],
    );
    expect(await heard).toEqual([{ type: 'text', text: 'is' }, done]);
    expect(ask.mock.calls).toEqual([[request]]);
  });

  const question = {
    model: null,
    messages: [
      ...request.messages,
      { role: 'user', content: expect.stringMatching(/^Your last message was cut off/) as string },
    ],
  };

  it.each([
    ['can’t', undefined],
    ['is not known to', () => Promise.resolve(false)],
  ])('is asked of one that %s', async (_what, goesOn) => {
    const { ask, heard } = scene(goesOn, () => [{ type: 'text', text: 'deep' }, done]);
    expect(await heard).toEqual([{ type: 'text', text: ' deep' }, done]);
    expect(ask.mock.calls).toEqual([[question]]);
  });

  it('is asked where the engine refuses it, and only then', async () => {
    const refused = new HearthError('request_refused', { backend: 'X', reason: 'no prefill' });
    const { ask, heard } = scene(
      () => true,
      (asked) => (asked.goesOn ? [refused] : [{ type: 'text', text: 'deep' }, done]),
    );
    expect(await heard).toEqual([{ type: 'text', text: ' deep' }, done]);
    expect(ask).toHaveBeenCalledTimes(2);
    const broken = scene(
      () => true,
      () => [{ type: 'text', text: 'de' }, refused],
    );
    await expect(broken.heard).rejects.toBe(refused);
    expect(broken.ask).toHaveBeenCalledTimes(1);
  });

  it('begins after a thought that was named afterwards, and loses nothing to an error', async () => {
    const lost = new HearthError('stream_cut', { backend: 'X' });
    const relabel: ChatEvent = { type: 'relabel', as: 'thinking' };
    const { heard } = scene(undefined, () => [
      { type: 'text', text: 'Hm.' },
      relabel,
      { type: 'text', text: 'The sea is' },
      { type: 'text', text: ' deep' },
      done,
    ]);
    expect(await heard).toEqual([{ type: 'text', text: ' Hm.' }, relabel, { type: 'text', text: ' deep' }, done]);
    const said: ChatEvent[] = [];
    const events = continued({
      backend: {},
      request,
      async *ask() {
        yield { type: 'text', text: 'sea' };
        throw lost;
      },
      signal: new AbortController().signal,
    });
    await expect(
      (async () => {
        for await (const event of events) said.push(event);
      })(),
    ).rejects.toBe(lost);
    expect(said).toEqual([{ type: 'text', text: ' sea' }]);
  });
});

describe('what OpenAI-compatible servers are sent', () => {
  const messages = [
    { role: 'user' as const, content: 'Q' },
    { role: 'assistant' as const, content: 'The sea is' },
  ];
  const bodyOf = (flavour: 'vllm' | 'llamacpp') =>
    chatBody('m', { model: 'm', messages, goesOn: true, think: true }, { ...newDialect(), flavour });

  it('is the answer as the last message, which a thinking model does not think about anew', () => {
    const kwargs = { chat_template_kwargs: { enable_thinking: false } };
    expect(bodyOf('llamacpp')).toMatchObject({ messages, ...kwargs });
    expect(bodyOf('llamacpp')).not.toHaveProperty('continue_final_message');
    expect(bodyOf('vllm')).toMatchObject({
      messages,
      ...kwargs,
      continue_final_message: true,
      add_generation_prompt: false,
    });
  });
});

describe('who is asked to go on', () => {
  it('is neither the demo nor a query service, and an answer without more is none that failed', async () => {
    const made = (id: string, kind: Backend['kind'], said: ChatEvent[]) =>
      Object.assign(madeUp({ id, kind }), { said });
    const engine = made('engine', 'openai', [done]);
    const all = [made('service', 'query', []), made('demo', 'demo', []), engine];
    const plan = {
      choiceNow: () => Promise.resolve({ candidates: candidatesOf(all), skipped: [], demo: 'always' as const }),
    };
    const events = await eventsOf(
      runPlan(plan, request, {
        signal: new AbortController().signal,
        whyNever: () => null,
        whyNotNow: () => null,
        begin: () => ({ answered: () => Promise.resolve(), failed: () => Promise.resolve(), left: () => {} }),
        chat: (backend, asked) => backend.chat(asked, new AbortController().signal),
        onSkipped: () => {},
        onFirstToken: () => {},
        onAnswer: () => {},
        log: createRunLog({ info: () => {}, warn: () => {} }, { purpose: 'chat', now: () => 0 }),
      }),
    );
    expect(events.at(-1)).toEqual(done);
    expect(all.map(({ asked }) => asked.length)).toEqual([0, 0, 1]);
  });

  const candidatesOf = (backends: Backend[]) => backends.map((backend) => ({ backend, model: null }));
});

describe('a template of Ollama', () => {
  const range = '{{- range $i, $_ := .Messages }}\n{{- $last := eq (len (slice $.Messages $i)) 1 -}}\n';
  it.each([
    [
      'llama3.2',
      true,
      `${range}{{- if eq .Role "user" }}<|start_header_id|>user<|end_header_id|>\n{{ .Content }}<|eot_id|>{{ if $last }}<|start_header_id|>assistant<|end_header_id|>\n\n{{ end }}\n{{- else if eq .Role "assistant" }}<|start_header_id|>assistant<|end_header_id|>\n{{ .Content }}{{ if not $last }}<|eot_id|>{{ end }}\n{{- end }}\n{{- end }}`,
    ],
    [
      'qwen2.5',
      true,
      `${range}{{ if eq .Role "user" }}<|im_start|>user\n{{ .Content }}<|im_end|>\n{{ else if eq .Role "assistant" }}<|im_start|>assistant\n{{ .Content }}{{ if not $last }}<|im_end|>\n{{ end }}{{ end }}\n{{- if and (ne .Role "assistant") $last }}<|im_start|>assistant\n{{ end }}\n{{- end }}`,
    ],
    [
      'mistral',
      true,
      '{{- range $i, $_ := .Messages }}{{- if eq .Role "user" }}[INST] {{ .Content }}[/INST]\n{{- else if eq .Role "assistant" }} {{ .Content }}{{- if not (eq (len (slice $.Messages $i)) 1) }}</s>{{ end }}\n{{- end }}\n{{- end }}',
    ],
    [
      'an imported ChatML file',
      false,
      '{{- range .Messages }}<|im_start|>{{ .Role }}\n{{ .Content }}<|im_end|>\n{{ end }}<|im_start|>assistant\n',
    ],
    [
      'one that begins the next answer in any case',
      false,
      `${range}{{ .Content }}{{ if not $last }}</s>{{ end }}{{ end }}<|assistant|>`,
    ],
    [
      'one of before messages',
      true,
      '{{ if .System }}{{ .System }}{{ end }}[INST] {{ .Prompt }} [/INST] {{ .Response }}</s>',
    ],
    ['a bare prompt', false, '{{ .Prompt }}'],
    ['nothing', false, ''],
  ])('of %s leaves the last answer open: %s', (_name, expected, template) => {
    expect(leavesLastOpen(template)).toBe(expected);
  });
});
