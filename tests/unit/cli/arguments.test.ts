import { describe, expect, test } from 'vitest';
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

  test('help and version', () => {
    expect(parseCommand([])).toEqual({ name: 'help', topic: 'hearth' });
    expect(parseCommand(['help', 'ask'])).toEqual({ name: 'help', topic: 'ask' });
    expect(parseCommand(['ask', '--help'])).toEqual({ name: 'help', topic: 'ask' });
    expect(parseCommand(['doctor', '-h'])).toEqual({ name: 'help', topic: 'doctor' });
    expect(parseCommand(['--version'])).toEqual({ name: 'version' });
  });
});

test('every topic of help has its text', () => {
  for (const topic of ['hearth', 'ask', 'models', 'pull', 'rm', 'engine', 'doctor'] as const) {
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
