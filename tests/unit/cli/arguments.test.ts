import { describe, expect, test } from 'vitest';
import cli from '../../../resources/locales/en/cli.json' with { type: 'json' };
import { parseCommand } from '../../../src/cli/arguments.ts';
import { text } from '../../../src/main/words/index.ts';
import { UsageError } from '../../../src/cli/usage.ts';

describe('what may be typed', () => {
  test('a question, in quotes or in words', () => {
    expect(parseCommand(['ask', 'What is a mutex?'])).toEqual({
      name: 'ask',
      question: 'What is a mutex?',
      isJson: false,
    });
    expect(parseCommand(['ask', 'What', 'is', 'it'])).toMatchObject({ question: 'What is it' });
  });

  test('a lone dash reads standard input', () => {
    expect(parseCommand(['ask', '-'])).toMatchObject({ name: 'ask', question: null });
    expect(parseCommand(['ask', '--json', '-'])).toMatchObject({ question: null, isJson: true });
  });

  test('backend and model, long and short', () => {
    expect(parseCommand(['ask', '--backend', 'demo://', '-m', 'tiny', 'hi'])).toMatchObject({
      backend: 'demo://',
      model: 'tiny',
      question: 'hi',
    });
    expect(parseCommand(['ask', '-b=demo://', 'hi'])).toMatchObject({ backend: '=demo://' });
  });

  test('a question that looks like an option, behind --', () => {
    expect(parseCommand(['ask', '--', '--what?'])).toMatchObject({ question: '--what?' });
  });

  test('the models, installed ones or the catalogue', () => {
    expect(parseCommand(['models'])).toEqual({ name: 'models', isCatalogue: false, isJson: false });
    expect(parseCommand(['models', '--json', '--catalogue'])).toEqual({
      name: 'models',
      isCatalogue: true,
      isJson: true,
    });
  });

  test('a model to get or to delete', () => {
    expect(parseCommand(['pull', 'hf.co/owner/name:Q4_K_M'])).toEqual({
      name: 'pull',
      model: 'hf.co/owner/name:Q4_K_M',
      isFresh: false,
      isInsecure: false,
    });
    expect(parseCommand(['pull', '--fresh', 'tiny', '--insecure'])).toMatchObject({ isFresh: true, isInsecure: true });
    expect(parseCommand(['rm', 'tiny'])).toEqual({ name: 'rm', model: 'tiny', isSure: false });
    expect(parseCommand(['rm', '-y', 'tiny'])).toMatchObject({ isSure: true });
  });

  test('what the engine shall do', () => {
    const what = (...argv: string[]) => {
      const command = parseCommand(['engine', ...argv]);
      return command.name === 'engine' ? command.what : command;
    };
    for (const action of ['start', 'stop', 'restart', 'kill', 'remove']) expect(what(action)).toEqual({ action });
    expect(what('status', '--json')).toEqual({ action: 'status', isJson: true });
    expect(what('logs')).toEqual({ action: 'logs', lines: 100, isFollowing: false });
    expect(what('logs', '-n', '5', '-f')).toEqual({ action: 'logs', lines: 5, isFollowing: true });
    expect(what('logs', '--lines=0')).toMatchObject({ lines: 0 });
    expect(what('install')).toEqual({ action: 'install', release: 'pinned' });
    expect(what('install', '--newest')).toEqual({ action: 'install', release: 'newest' });
    expect(what('--help')).toEqual({ name: 'help', topic: 'engine' });
    expect(what('start', '-h')).toEqual({ name: 'help', topic: 'engine' });
  });

  test('what a question is for', () => {
    expect(parseCommand(['ask', 'hi'])).not.toHaveProperty('purpose');
    expect(parseCommand(['ask', '--purpose', 'chat', 'hi'])).toMatchObject({ purpose: 'chat' });
    expect(parseCommand(['ask', '--purpose', 'quick-ask', 'hi'])).toMatchObject({ purpose: 'quickAsk' });
    expect(parseCommand(['ask', '--purpose=gateway', 'hi'])).toMatchObject({ purpose: 'gateway' });
  });

  test('what shall become of the backends', () => {
    const what = (...argv: string[]) => {
      const command = parseCommand(['backend', ...argv]);
      return command.name === 'backend' ? command.what : command;
    };
    expect(what()).toEqual({ action: 'list', isJson: false });
    expect(what('--json')).toEqual({ action: 'list', isJson: true });
    expect(what('add', 'http://gpu.lan')).toEqual({ action: 'add', url: 'http://gpu.lan', name: null, hasKey: false });
    expect(what('add', '--key-stdin', '-n', 'My GPU', 'http://gpu.lan')).toMatchObject({
      name: 'My GPU',
      hasKey: true,
    });
    for (const action of ['remove', 'on', 'off']) expect(what(action, 'gpu')).toEqual({ action, id: 'gpu' });
    expect(what('check')).toEqual({ action: 'check', id: null, isJson: false });
    expect(what('check', 'ollama', '--json')).toEqual({ action: 'check', id: 'ollama', isJson: true });
    expect(what('test', 'demo://')).toEqual({ action: 'test', url: 'demo://', hasKey: false, isJson: false });
    expect(what('--help')).toEqual({ name: 'help', topic: 'backend' });
    expect(what('add', '-h')).toEqual({ name: 'help', topic: 'backend' });
  });

  test('help and version', () => {
    expect(parseCommand([])).toEqual({ name: 'help', topic: 'hearth' });
    expect(parseCommand(['help', 'ask'])).toEqual({ name: 'help', topic: 'ask' });
    expect(parseCommand(['ask', '--help'])).toEqual({ name: 'help', topic: 'ask' });
    expect(parseCommand(['doctor', '-h'])).toEqual({ name: 'help', topic: 'doctor' });
    expect(parseCommand(['--version'])).toEqual({ name: 'version' });
  });
});

test.each([
  [['list'], 'hearth models'],
  [['Ask', 'hi'], 'hearth ask'],
  [['install'], 'hearth engine install'],
  [['what', 'is', 'a', 'mutex?'], 'hearth ask "QUESTION"'],
  [['What is a mutex?'], 'hearth ask "QUESTION"'],
  [['help', 'remove'], 'hearth rm'],
])('%o names the command that was meant', (argv, command) => {
  expect(() => parseCommand(argv)).toThrow(command);
});

test('what is nothing like a command names none', () => {
  expect(() => parseCommand(['dance'])).toThrow(/^“dance” is not a command of hearth\.$/);
  expect(() => parseCommand(['constructor'])).toThrow(/^“constructor” is not a command of hearth\.$/);
});

test('every command that the texts name is typed as here', () => {
  const named = JSON.stringify(cli).replaceAll(String.raw`\n`, ' ');
  // In a clone `npx` comes first: the texts leave room for it, everywhere.
  expect(
    named.match(/(?<!\{\{npx\}\})\bhearth (?:ask|models|pull|rm|doctor|help|(?:backend|engine) (?!can do))\b/g),
  ).toBeNull();
});

test('every topic of help has its text', () => {
  for (const topic of ['hearth', 'ask', 'models', 'pull', 'rm', 'backend', 'engine', 'doctor'] as const) {
    expect(parseCommand(['help', topic])).toEqual({ name: 'help', topic });
    expect(text(`cli:help.${topic}`)).toMatch(/^(?:hearth |Hearth)/);
  }
});

describe('what may not', () => {
  test.each([
    [['ask']],
    [['ask', '']],
    [['ask', '   ']],
    [['ask', '--nonsense', 'hi']],
    [['ask', 'hi', '--backend']],
    [['doctor', 'now']],
    [['dance']],
    [['models', 'tiny']],
    [['pull']],
    [['pull', ' ']],
    [['pull', 'one', 'two']],
    [['rm']],
    [['rm', '--force', 'tiny']],
    [['ask', '--purpose', 'quickAsk', 'hi']],
    [['ask', '--purpose', 'titles', 'hi']],
    [['backend', 'dance']],
    [['backend', 'list', 'all']],
    [['backend', 'add']],
    [['backend', 'add', 'demo://', '--key', 'sk-1']],
    [['backend', 'add', 'demo://', 'local://']],
    [['backend', 'on']],
    [['backend', 'off', ' ']],
    [['backend', 'remove', 'one', 'two']],
    [['backend', 'on', 'gpu', '--json']],
    [['backend', 'check', 'one', 'two']],
    [['backend', 'test']],
    [['engine']],
    [['engine', 'dance']],
    [['engine', 'start', 'now']],
    [['engine', 'stop', '--json']],
    [['engine', 'logs', '-n', 'many']],
    [['engine', 'logs', '-n', '-1']],
    [['engine', 'logs', '-n', '1e9']],
    [['engine', 'logs', '-n', '999999']],
  ])('%j', (argv) => {
    expect(() => parseCommand(argv)).toThrow(UsageError);
  });
});
