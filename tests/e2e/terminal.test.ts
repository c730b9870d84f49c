// `hearth ask`, with and without the window.
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { hasOwnOllama, NO_OLLAMA } from './support/environment.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

const TOKENS = ['A ', 'mutex ', 'is ', 'a ', 'lock.'];

test.describe('without the window', () => {
  test('a model answers: text on stdout, source on stderr, code 0, and it is in the history', async ({
    hearth,
    start,
  }) => {
    const ollama = await startReplayOllama({ answer: { tokens: TOKENS } });
    const env = { OLLAMA_HOST: `${ollama.host}:${ollama.port}` };
    const result = await hearth(['ask', 'What is a mutex?'], { env });
    expect(result).toMatchObject({ code: 0, stdout: 'A mutex is a lock.\n' });
    expect(result.stderr).toMatch(/^Ollama · tiny/);

    const { window } = await start(env);
    const on = screen(window);
    await on.chat(/What is a mutex/).click();
    await expect(on.answers).toContainText('A mutex is a lock.');
    await ollama.close();
  });

  test('the demo answers with code 3 and says why', async ({ hearth }) => {
    test.skip(await hasOwnOllama(), 'an Ollama runs on this computer');
    const result = await hearth(['ask', 'hello'], { env: NO_OLLAMA });
    expect(result.code).toBe(3);
    expect(result.stdout).toContain('No model read your message');
    expect(result.stderr).toMatch(/^What follows is a demo reply: .+ Why: No Ollama was found\.$/m);
    expect(result.stderr).toMatch(/^Demo reply: No Ollama was found[^]*\nNext: (?:npx )?hearth engine install\n$/m);
  });

  test('wrong usage is code 2, a failure is code 1', async ({ hearth }) => {
    expect(await hearth(['ask'])).toMatchObject({ code: 2, stdout: '' });
    expect(await hearth(['sing'])).toMatchObject({ code: 2, stdout: '' });
    const failed = await hearth(['ask', '--backend', 'llamacpp://no/such/file.gguf', 'hello']);
    expect(failed).toMatchObject({ code: 1, stdout: '' });
    expect(failed.stderr).toContain('no/such/file.gguf');
    const unreadable = await hearth(['ask', '--backend', 'gopher://x', 'hello']);
    expect(unreadable.code).toBe(1);
    expect(unreadable.stderr).toContain('“gopher://x” can’t be used');
  });

  test('--json gives one object', async ({ hearth }) => {
    const ollama = await startReplayOllama();
    const result = await hearth(['ask', '--json', 'hello'], { env: { OLLAMA_HOST: `${ollama.host}:${ollama.port}` } });
    expect(result.code).toBe(0);
    expect(JSON.parse(result.stdout)).toMatchObject({
      state: 'done',
      source: { kind: 'ollama', label: 'Ollama', skipped: [] },
      model: expect.stringContaining('tiny'),
      timings: { loadMs: expect.any(Number), firstTokenMs: expect.any(Number), totalMs: expect.any(Number) },
      tokens: { prompt: 19, answer: 24 },
      error: null,
    });
    await ollama.close();
  });

  test('- reads the question from standard input', async ({ hearth }) => {
    const ollama = await startReplayOllama({ answer: { tokens: TOKENS } });
    const env = { OLLAMA_HOST: `${ollama.host}:${ollama.port}` };
    const result = await hearth(['ask', '-'], { env, stdin: 'two\nlines\n' });
    expect(result).toMatchObject({ code: 0, stdout: 'A mutex is a lock.\n' });
    expect(ollama.requestsTo('/api/chat')[0]?.body).toMatchObject({
      messages: [{ role: 'user', content: 'two\nlines' }],
    });
    await ollama.close();
  });

  test('the real engine with the tiny real model', async ({ hearth }) => {
    const result = await hearth(['ask', '--json', '--backend', 'llamacpp://tests/fixtures/tiny.gguf', 'hello']);
    expect(result.code).toBe(0);
    const answer = JSON.parse(result.stdout) as { text: string; source: { kind: string }; tokens: { answer: number } };
    expect(answer.source.kind).toBe('llamacpp');
    expect(answer.text.length).toBeGreaterThan(0);
    expect(answer.tokens.answer).toBeGreaterThan(0);
  });

  test('doctor finds everything in order, and runs the engine', async ({ hearth }) => {
    const result = await hearth(['doctor', '--json']);
    const report = JSON.parse(result.stdout) as {
      ok: boolean;
      question: { answer: string; next: string | null };
      findings: { name: string; level: string; found: string }[];
    };
    expect(report.findings.filter(({ level }) => level === 'broken')).toEqual([]);
    expect(report).toMatchObject({ ok: true, question: { answer: 'demo' } });
    expect(result.code).toBe(3);
    expect(report.findings.find(({ name }) => name === 'Built-in engine')?.found).toMatch(/wrote \d+ tokens/);
    expect(report.findings.find(({ name }) => name === 'History')?.level).toBe('good');
    expect(report.findings.find(({ name }) => name === 'Ollama')).toMatchObject({ level: 'warning' });
  });
});

test.describe('with the window', () => {
  test('both share one history at once, and one queue', async ({ start, hearth }) => {
    const ollama = await startReplayOllama({ answer: { tokens: TOKENS }, holdAfterRecords: 2 });
    const env = { OLLAMA_HOST: `${ollama.host}:${ollama.port}` };
    const { window } = await start(env);
    const on = screen(window);
    await on.ask('From the window');
    await expect(on.answers).toContainText('A mutex');

    const terminal = hearth(['ask', 'From the terminal'], { env });
    await expect(on.chat(/From the terminal/)).toBeVisible();
    await on.chat(/From the terminal/).click();
    await expect(window.getByRole('status').filter({ hasText: /in line/ })).toBeVisible();
    expect(ollama.requestsTo('/api/chat')).toHaveLength(1);

    ollama.set({ holdAfterRecords: null });
    ollama.release();
    const result = await terminal;
    expect(result).toMatchObject({ code: 0, stdout: 'A mutex is a lock.\n' });
    expect(result.stderr).toContain('In line: number 1');
    await expect(on.answers).toContainText('A mutex is a lock.');
    await ollama.close();
  });

  test('doctor asks the running Hearth', async ({ start, hearth }) => {
    const { window } = await start();
    await expect(screen(window).composer).toBeFocused();
    const result = await hearth(['doctor']);
    expect(result.stdout).toMatch(/^! A question asked now would get a demo reply/);
    expect(result.stdout).toContain('A Hearth is running');
    expect(result.code).toBe(3);
  });
});
